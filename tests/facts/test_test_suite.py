"""What counts as a test that asserts, in Python and elsewhere, and what only looks like one."""

from collections.abc import Mapping

import pytest

from portfolio_audit.facts import paths
from portfolio_audit.facts.signals import Signals
from portfolio_audit.facts.test_dialects import LANGUAGES
from portfolio_audit.facts.test_suite import TestSuite
from portfolio_audit.testing import make_repository, make_tree


def suite(files: Mapping[str, str | bytes], unread: Mapping[str, str] | None = None) -> TestSuite:
    return TestSuite.distil(make_tree(files, unread=unread))


def asserting(source: str, path: str = "tests/test_hive.py") -> int:
    return suite({path: source}).asserting


REAL = {
    "assert": "def test_a():\n    assert f() == 1",
    "coroutine": "async def test_a():\n    assert await f()",
    "unittest": "class TestHive(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(f(), 1)",
    "raises": "def test_a():\n    with pytest.raises(ValueError):\n        f()",
    "fail": "def test_a():\n    if f(): pytest.fail('no')",
    "numpy": "def test_a():\n    np.testing.assert_allclose(f(), 1)",
    "mock": "def test_a(mocker):\n    m = mocker.patch('x')\n    f()\n    m.assert_called_once()",
    "hypothesis": "@given(st.text())\ndef test_a(s):\n    assert f(s) == s",
    "loop": "def test_a():\n    for x in y:\n        if x:\n            assert x > 1",
    "helper": "def check(x):\n    assert x\ndef test_a():\n    check(f())",
    "helper of a helper": "def low(x):\n    assert x\ndef high(x):\n    low(x)\ndef test_a():\n    high(f())",
    "helper behind a module": "import tools\ndef check(x):\n    assert x\ndef test_a():\n    tools.check(f())",
    "method": "class TestHive:\n    def check(self, x): assert x\n    def test_a(self):\n        self.check(f())",
    "fixture": "@pytest.fixture\ndef checked():\n    yield\n    assert f()\ndef test_a(checked):\n    g()",
    "snapshot": "def test_a(snapshot):\n    snapshot.assert_match(f())",
    "regression": "def test_a(data_regression):\n    data_regression.check(f())",
    "estimator": "def test_a():\n    check_estimator(Hive())",
    "parametrised estimator": "@parametrize_with_checks([Hive()])\ndef test_a(estimator, check):\n    check(estimator)",
    "doctest": "def test_a():\n    doctest.testmod(hive)",
    "in a class": "class TestHive:\n    def test_a(self):\n        assert self.hive.bees == 3",
    "error": "def test_a():\n    if f() != 1:\n        raise AssertionError('no')",
    "image": "@image_comparison(['hive.png'])\ndef test_a():\n    f()",
    "python 2": "def test_a():\n    print 'x'\n    assert f() == 1",
}


@pytest.mark.parametrize("kind", REAL)
def test_a_real_assertion_is_found(kind: str) -> None:
    found = suite({"tests/test_hive.py": REAL[kind]})
    assert (found.functions, found.asserting, found.languages) == (1, 1, ("Python",))
    assert found.assertions[0].path == "tests/test_hive.py"
    assert found.assertions[0].line is not None
    assert found.empty == ()


EMPTY = {
    "prints": "def test_a():\n    print(f())",
    "constant": "def test_a():\n    assert True\n    assert 1 == 1\n    self.assertTrue(True)",
    "commented out": "def test_a():\n    # assert f() == 1\n    pass",
    "in a string": "def test_a():\n    '''assert f() == 1'''\n    x = 'assert y'",
    "skipped": "@pytest.mark.skip(reason='broken')\ndef test_a():\n    assert f() == 1",
    "method of that name": "class Fake:\n    def fit(self):\n        assert self.x\ndef test_a():\n    model.fit()",
    "web service": "def test_a():\n    r = requests.post('http://localhost', json={})\n    print(r.json())",
}


@pytest.mark.parametrize("kind", EMPTY)
def test_a_test_without_a_real_assertion_is_listed_apart(kind: str) -> None:
    found = suite({"tests/test_hive.py": EMPTY[kind]})
    assert (found.test_like_files, found.functions, found.asserting) == (1, 1, 0)
    assert [place.note for place in found.empty] == ["test_a"]


NO_TEST = {
    "test.py": "def test(model, loader):\n    assert len(loader)\n    print(model)",
    "test_model.py": "print('testing')\nmodel.load()\n",
    "app/routes/test.py": "@app.get('/test')\ndef endpoint():\n    return {'ok': True}",
    "src/testing/tools.py": "def make(x):\n    assert x\n    return x",
    "train.py": "def test_model(model):\n    assert model\n    return model",
    "docs/tests/test_page.py": "def test_a():\n    assert f()",
    "tests/test_nested.py": "def main():\n    def test_a():\n        assert f()",
    "tests/__init__.py": "",
    "tests/conftest.py": "def test_a():\n    assert f()",
    "tests/test_fixture.py": "@pytest.fixture(scope='session')\ndef test_data():\n    assert f()",
    "venv/tests/test_a.py": "def test_a():\n    assert f()",
}


@pytest.mark.parametrize("path", NO_TEST)
def test_what_only_looks_like_a_test(path: str) -> None:
    found = suite({path: NO_TEST[path]})
    assert (found.functions, found.asserting) == (0, 0)


def test_unittest_classes_count_wherever_they_stand() -> None:
    found = suite({"hive/check.py": "class Checks(TestCase):\n    def test_a(self):\n        self.assertIn(f(), g())"})
    assert (found.test_like_files, found.asserting) == (0, 1)


DOCTEST = 'def f(x):\n    """One more.\n\n    >>> f(1)\n    2\n    """\n    return x + 1\n'


def test_a_test_on_one_line_asserts_itself() -> None:
    (place,) = suite({"tests/test_a.py": "def test_a(): assert f()"}).assertions
    assert (place.line, place.note) == (1, "test_a")


@pytest.mark.parametrize(
    "configuration",
    [
        {"pytest.ini": "[pytest]\naddopts = --doctest-modules\n"},
        {"Makefile": "test:\n\tpython -m doctest hive.py\n"},
        {".github/workflows/ci.yml": "jobs: {t: {steps: [{run: pytest --doctest-modules}]}}"},
    ],
)
def test_doctests_assert_where_something_runs_them(configuration: dict[str, str]) -> None:
    found = suite({"hive.py": DOCTEST, "plain.py": "x = 1", **configuration})
    assert (found.functions, found.asserting) == (1, 1)
    assert [(place.path, place.line, place.note) for place in found.assertions] == [("hive.py", 4, "doctest")]


def test_a_page_whose_examples_are_run_is_a_test() -> None:
    page = "# Hive\n\n```py\n>>> count(2)\n2\n```\n"
    run = {"pytest.ini": "[pytest]\naddopts =\n    --doctest-glob=README.md\n"}
    found = suite({"README.md": page, "hive.pyx": "x = 1", **run})
    assert [(place.path, place.line) for place in found.assertions] == [("README.md", 4)]
    assert suite({"README.md": page, "hive.py": "x = 1", "pytest.ini": "[pytest]\n"}).asserting == 0
    assert suite({"NOTES.md": page, **run}).asserting == 0


def test_examples_that_nothing_runs_or_that_show_nothing_are_no_tests() -> None:
    run = {"pytest.ini": "[pytest]\naddopts = --doctest-modules\n"}
    assert suite({"hive.py": DOCTEST, "pytest.ini": "[pytest]\n"}).functions == 0
    assert suite({"hive.py": '"""\n>>> import hive\n>>> f(1)\n"""\n', **run}).functions == 0


def test_an_autouse_fixture_that_asserts_serves_every_test() -> None:
    conftest = (
        "def compare(x): assert x\n@pytest.fixture(autouse=True)\ndef verify(out):\n    yield\n    compare(out)\n"
    )
    found = suite(
        {"tests/conftest.py": conftest, "tests/summary_test.py": "def test_a():\n    f()\ndef test_b():\n    g()\n"}
    )
    assert (found.functions, found.asserting) == (2, 2)
    assert found.assertions[0].note == "test_a, by a fixture"


FOREIGN = {
    "src/hive.test.ts": "it('adds', () => {\n  expect(f(1)).toBe(2)\n})",
    "src/__tests__/hive.jsx": "test('x', () => { assert.equal(f(), 1) })",
    "cypress/e2e/hive.cy.js": "it('x', () => { cy.get('a').should('be.visible') })",
    "hive_test.go": 'func TestHive(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Errorf("no")\n\t}\n}',
    "example_test.go": "func ExampleHive() {\n\tfmt.Println(f())\n\t// Output: 1\n}",
    "src/lib.rs": "fn f() {}\n#[cfg(test)]\nmod tests {\n  #[test]\n  fn a() { assert_eq!(f(), 1); }\n}",
    "tests/testthat/test-hive.R": "test_that('x', {\n  expect_equal(f(), 1)\n})",
    "test/runtests.jl": "@testset \"hive\" begin\n  @test f() == 1\nend",
    "src/test/java/HiveTest.java": "@Test void a() { assertEquals(1, f()); }",
    "src/test/kotlin/HiveTest.kt": "@Test fun a() { f() shouldBe 1 }",
    "src/test/scala/HiveSpec.scala": 'class S extends AnyFunSuite { test("x") { assert(f() === 1) } }',
    "Hive.Tests/HiveTests.cs": "[Fact] public void A() { Assert.Equal(1, F()); }",
    "tests/hive_test.cpp": "TEST(Hive, A) { EXPECT_EQ(f(), 1); }",
    "tests/hive.c": "int main(void) { assert(f() == 1); return 0; }",
    "tests/testHive.m": "function testA(testCase)\nverifyEqual(testCase, f(), 1)\nend",
    "spec/hive_spec.rb": "it 'x' do\n  expect(f).to eq 1\nend",
    "tests/HiveTest.php": "class HiveTest { function testA() { $this->assertSame(1, f()); } }",
    "Tests/HiveTests.swift": "func testA() { XCTAssertEqual(f(), 1) }",
    "test/hive_test.dart": "test('x', () { expect(f(), 1); });",
    "test/hive_test.exs": 'test "x" do\n  assert f() == 1\nend',
    "test/hive.bats": "@test \"x\" {\n  run f\n  [ \"$status\" -eq 0 ]\n}",
    "test/HiveSpec.hs": 'main = hspec $ it "x" $ f `shouldBe` 1',
    "test/hive_test.clj": "(deftest a (is (= 1 (f))))",
    "t/tests/hive.pl": "use Test::More;\nis(f(), 1);",
    "spec/hive_spec.lua": "it('x', function() assert.equal(f(), 1) end)",
    "test/test_hive.ml": "let test_a () = assert (f () = 1)",
}  # fmt: skip


@pytest.mark.parametrize("path", FOREIGN)
def test_other_languages_assert_too(path: str) -> None:
    found = suite({path: FOREIGN[path]})
    assert found.asserting == 1
    lines = FOREIGN[path].count("\n") + 1
    assert [place.path for place in found.assertions] == [path]
    assert 1 <= (found.assertions[0].line or 0) <= lines


def test_every_dialect_is_tried_above() -> None:
    assert set(LANGUAGES) == {paths.language(path) for path in FOREIGN} | {"JavaScript"}


FOREIGN_EMPTY = {
    "src/a.test.ts": "it('x', () => {\n  // expect(f()).toBe(1)\n  /* expect(g()).toBe(2) */\n  f()\n})",
    "src/b.test.ts": "it('x', () => {\n  expect(true).toBe(true)\n  expect(1 + 1).toBe(2)\n})",
    "src/App.test.js": "test('x', () => {\n  expect(screen.getByText(/learn react/i)).toBeInTheDocument()\n})",
    "e2e/src/app.e2e-spec.ts": "it('should display welcome message', () => {\n  expect(p.title()).toBe('Hi')\n})",
    "hive_test.go": "func TestHive(t *testing.T) {\n\tfmt.Println(f())\n}",
    "src/lib.rs": "fn f(x: u8) { assert!(x > 1); }\n#[cfg(test)]\nmod tests {\n  #[test]\n  fn a() { super::f(2); }\n}",
    "src/test/java/ExampleUnitTest.java": "@Test public void addition_isCorrect() { assertEquals(4, 2 + 2); }",
    "tests/testthat/test-hive.R": "test_that('x', {\n  expect_true(TRUE)\n})",
    "test/runtests.jl": "@testset \"hive\" begin\n  f()\nend",
}  # fmt: skip


@pytest.mark.parametrize("path", FOREIGN_EMPTY)
def test_other_languages_have_empty_tests_too(path: str) -> None:
    found = suite({path: FOREIGN_EMPTY[path]})
    assert (found.functions > 0, found.asserting) == (True, 0)
    assert [place.path for place in found.empty] == [path]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("src/lib.rs", "fn f(x: u8) { assert!(x > 1); panic!() }"),
        ("server/config/test.js", "module.exports = { port: 1 }"),
        ("gui/module_test.m", "function obj = module_test(x)\nassert(strcmp(x, 'on'))\nend"),
        ("scripts/test.sh", "pytest || exit 1\n[ -f x ] && ls"),
        ("tests/seed.sql", "select 1"),
        ("src/hive.go", "func f() { log.Fatal(1) }"),
    ],
)
def test_foreign_code_that_is_no_test(path: str, source: str) -> None:
    found = suite({path: source})
    assert (found.functions, found.asserting) == (0, 0)


def test_lines_stay_right_behind_comments_and_inside_rust_files() -> None:
    source = "// one\n/* two\nthree */\nfn f() {}\n\n#[cfg(test)]\nmod tests {\n  // why\n"
    source += "  #[test]\n  fn a() {\n    assert_eq!(1, f());\n  }\n}"
    assert suite({"src/lib.rs": source}).assertions[0].line == 11


def test_counts_files_and_shows_five_places_of_different_files_first() -> None:
    files: dict[str, str | bytes] = {
        f"tests/test_{n}.py": "def test_a():\n    assert f()\ndef test_b():\n    assert g()\n" for n in "abc"
    }
    found = suite({**files, "hive.py": "x = 1", "tests/data.csv": "a,b", "tests/eda.ipynb": "{}"})
    assert (found.test_like_files, found.functions, found.asserting, found.code_files) == (3, 6, 6, 5)
    assert [(place.path[-4], place.line) for place in found.assertions] == [
        ("a", 2),
        ("b", 2),
        ("c", 2),
        ("a", 4),
        ("b", 4),
    ]


def test_unread_tests_make_it_incomplete_and_other_files_do_not() -> None:
    assert suite({}, unread={"tests/test_a.py": "gone", "web/a.test.ts": "gone"}).incomplete == "2 of 2 test files"
    assert suite({}, unread={"hive.py": "gone", "data.csv": "gone", "README.md": "gone"}).incomplete is None


HOSTILE = {
    "one line": b"expect(" * 140_000,
    "comment": b"/*" * 500_000,
    "quote": b"'" * 999_999,
    "backtick": b"`" * 999_999,
    "functions": b"function test" * 70_000,
    "numbers": b"assert(" + b"1," * 400_000,
    "blank": b"\n" * 1_000_000,
    "spaces": b" " * 1_000_000,
    "nul": b"\x00" * 1_000_000,
    "attributes": b"#[" + b"a::" * 300_000,
    "examples": b"func Example(" * 70_000,
    "decorated": b"@test " * 150_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_sources_are_read_in_linear_time(kind: str) -> None:
    endings = (
        "ts",
        "go",
        "rs",
        "R",
        "jl",
        "java",
        "cpp",
        "cs",
        "rb",
        "m",
        "sh",
        "hs",
        "clj",
        "ml",
        "dart",
        "lua",
        "exs",
    )
    source = HOSTILE[kind][: 1_000_000 // 4]
    found = suite({f"tests/test_{ending}.{ending}": source for ending in endings})
    assert found.test_like_files == len(endings)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pytest.ini", "[pytest]\npython_files = test_*.py\ntestpaths = tests\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\ntestpaths = [\n    "tests",\n]\n'),
        ("setup.cfg", "[tool:pytest]\ntestpaths =\n    ./tests/\n    checks\naddopts = -q\n"),
        ("tox.ini", "[pytest]\ntestpaths = checks tests\n"),
    ],
)
def test_a_script_outside_of_the_places_that_pytest_is_told_is_no_test(path: str, text: str) -> None:
    tests = {
        "tests/test_hive.py": "def test_weigh():\n    assert weigh(1) == 2\n\ndef test_open():\n    print(1)\n",
        "scripts/test_scales.py": "def test_scales():\n    print('weighing')\n",
        "scripts/test_doors.py": "def test_doors():\n    assert doors() > 1\n",
    }
    suite = TestSuite.distil(make_tree({**tests, path: text}))
    assert (suite.functions, suite.asserting) == (3, 2)
    assert [place.path for place in suite.empty] == ["tests/test_hive.py"]
    for all_of_them in ({}, {path: text.replace("tests", "t*")}, {f"other/{path}": text}):
        assert TestSuite.distil(make_tree({**tests, **all_of_them})).functions == 4


def test_places_of_tests_are_those_of_the_nearest_configuration() -> None:
    script = "def test_scales():\n    print('weighing')\n"
    files = {"pytest.ini": "[pytest]\ntestpaths = tests\n", "api/pytest.ini": "[pytest]\ntestpaths = checks\n"}
    suite = TestSuite.distil(make_tree({**files, "api/checks/test_a.py": script, "api/tests/test_b.py": script}))
    assert [place.path for place in suite.empty] == ["api/checks/test_a.py"]


def test_a_hostile_configuration_of_tests_is_read_in_linear_time() -> None:
    script = {"scripts/test_a.py": "def test_scales():\n    print('weighing')\n"}
    for text in ("testpaths = [" * 9_000, "testpaths =" + "\n a" * 60_000, "testpaths" * 20_000):
        assert TestSuite.distil(make_tree({**script, "pytest.ini": text})).functions <= 1


def test_a_test_with_a_portuguese_name_is_one() -> None:
    assert asserting("def test_modelo():\n    assert prever([1]) == 2\n", "teste_modelo.py") == 1


class TestDbt:
    MODELS = (
        "models:\n  - name: bees\n    tests:\n      - dbt_utils.one: {column: a}\n    columns:\n      - name: id\n"
        "        data_tests:\n          - unique\n          - not_null\n"
        "#     - name: hive\n#        tests: [not_null]\n"
        "sources:\n  - name: raw\n    tables:\n      - name: hives\n"
        "        columns:\n          - {name: id, tests: [unique]}\n"
    )
    PROJECT = {"dbt/dbt_project.yml": "name: hive\n"}

    def test_what_columns_and_models_are_asked_is_a_test_each(self) -> None:
        found = suite({**self.PROJECT, "dbt/models/bees.yml": self.MODELS})
        assert (found.asserting, found.functions, found.languages) == (4, 4, ("dbt",))
        assert [(place.line, place.note) for place in found.assertions] == [
            (3, "dbt: dbt_utils.one"),
            (7, "dbt: unique"),
            (7, "dbt: not_null"),
            (17, "dbt: unique"),
        ]

    def test_what_a_loader_writes_about_its_own_columns_is_nobodys_test(self) -> None:
        model = "models:\n  - name: bees\n    columns:\n      - {name: _dlt_id, tests: [unique]}\n"
        assert suite({**self.PROJECT, "dbt/models/bees.yml": model}).asserting == 0

    def test_the_signal_speaks_of_programs(self) -> None:
        files = {**self.PROJECT, "dbt/models/bees.yml": self.MODELS}
        signals = make_repository(files).fact(Signals)
        assert signals is not None
        assert signals.values["tests_present"] is False

    def test_a_query_that_must_return_nothing_is_one_too(self) -> None:
        query = "-- select nothing\n/* select\n*/ select * from hives where bees < 0\n"
        found = suite({**self.PROJECT, "dbt/tests/bees.sql": query, "dbt/tests/note.sql": "-- select\n"})
        assert [(place.path, place.line) for place in found.assertions] == [("dbt/tests/bees.sql", 3)]

    @pytest.mark.parametrize(
        "files",
        [
            {"models/bees.yml": MODELS, "tests/bees.sql": "select 1"},
            {**PROJECT, "dbt/other/bees.yml": MODELS},
            {**PROJECT, "dbt/models/bees.yml": MODELS.replace("tests", "notes")},
            {**PROJECT, "dbt/models/bees.yml": "models:\n  - name: my_first_dbt_model\n    tests: [unique]\n"},
            {**PROJECT, "dbt/models/bees.yml": "models: {tests: [unique]}\nseeds: tests\ntests: [1]\n"},
            {**PROJECT, "dbt/models/bees.yml": "models: [tests: ["},
            {**PROJECT, "dbt/tests/generic/even.sql": "{% test even(model) %} select 1 {% endtest %}"},
            {"dbt/dbt_project.yml": "model-paths: [data]\n", "dbt/models/bees.yml": MODELS},
        ],
    )
    def test_what_is_no_test_of_a_project_is_none(self, files: Mapping[str, str]) -> None:
        assert suite(files).asserting == 0
