"""How tests are declared and what asserts, language by language, as patterns over source without comments.

Every pattern is linear in the text: no `^\\s*` (it would cross lines), no open-ended gap between two words.
"""

import re
from functools import cache
from typing import NamedTuple


class Dialect(NamedTuple):
    """`test` finds declarations, `assertion` assertions, `comment` comments (group 1: a string, which stays).

    `declared`: an assertion counts only if the file declares a test; elsewhere a plain script may be one.
    """

    test: re.Pattern[bytes]
    assertion: re.Pattern[bytes]
    comment: re.Pattern[bytes]
    declared: bool = True


class _Written(NamedTuple):
    """A dialect before its patterns are compiled, which takes a while and is needed of few."""

    test: bytes
    assertion: bytes
    comment: re.Pattern[bytes]
    declared: bool = True


_DOUBLE = rb"\"(?:[^\"\\\n]|\\.)*+\""
_SINGLE = rb"'(?:[^'\\\n]|\\.)*+'"
_BACK = rb"`(?:[^`\\]|\\.)*+`"
_SLASHES = re.compile(
    rb"(%b|%b|%b)|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?" % (_DOUBLE, _SINGLE, _BACK),
    re.DOTALL,
)
_HASH = re.compile(rb"(%b|%b)|\#[^\n]*+" % (_DOUBLE, _SINGLE))
_PERCENT = re.compile(rb"(\"[^\"\n]*+\")|^[ \t]*+%[^\n]*+", re.MULTILINE)
_DASHES = re.compile(rb"(%b)|--[^\n]*+" % _DOUBLE)
_SEMICOLON = re.compile(rb"(%b)|;[^\n]*+" % _DOUBLE)

# A call whose only argument is a literal, or a comparison of numbers, can only hold.
_FIXED = rb"(?!\s*+(?:true|false|TRUE|FALSE|T|\d++(?:\s*+[=,+*]++\s*+\d++)*+)\s*+\))"


def _dialect(test: str, assertion: str, comment: re.Pattern[bytes] = _SLASHES, *, declared: bool = True) -> _Written:
    """A dialect; in `assertion`, `<(>` stands for an opening bracket that is not followed by a constant."""
    return _Written(
        _by_letter(test.encode()),
        _by_letter(assertion.encode()).replace(b"<(>", rb"\s*+\(" + _FIXED),
        comment,
        declared,
    )


def _by_letter(pattern: bytes) -> bytes:
    """The same pattern with the boundary before a word looked for after its first letter.

    Patterns of which every alternative begins with a letter are found several times faster.
    """
    return re.sub(rb"\\b([A-Za-z])(?=[A-Za-z])", rb"\1(?<!\\w\1)", pattern)


_JVM = _dialect(
    r"@(?:Parameterized)?Test\b|\b(?:test|it|should|describe)\s*+\(\s*+\"|\bin\s*+\{|\bdef\s++\"",
    r"\bassert\w*<(>|\bAssert(?:ions)?\.\w+<(>|\bassert[A-Z]\w*\s*\{|\bverify\w*<(>|\bexpect\w*<(>"
    r"|\bshould(?:Be|Equal|Not|Throw|Have)\w*|\bshould\s++(?:be|equal|have|contain|not)\b|\bmust(?:Equal|Be)\b"
    r"|\bassert\s++(?!true\b)\w|\bStepVerifier\b",
)
_C = _dialect(
    r"\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|TEST_CASE|SCENARIO|BOOST_AUTO_TEST_CASE|START_TEST|SECTION)\s*+\("
    r"|^[ \t]*+(?:static\s++)?(?:void|int|bool)\s++test\w*\s*+\(",
    r"\b(?:EXPECT|ASSERT|REQUIRE|CHECK|BOOST_CHECK|BOOST_REQUIRE|BOOST_TEST|CU_ASSERT|TEST_ASSERT)(?:_\w+)?<(>"
    r"|(?<!void )(?<!int )(?<!bool )(?<!define )\b(?:assert|\w{1,8}_assert\w*|assert_\w+)<(>",
    declared=False,
)
_SAID = r"(?:is|not|deepEqual|equals?|true|false|truthy|falsy|throws|same|ok|snapshot|like)<(>"
_SCRIPT = _dialect(
    r"(?:\bit|\btest|\bspecify|\bDeno\.test|\bQUnit\.test|\bscenario(?=\s*+\())(?:\.\w+)*\s*+\(",
    r"\bexpect(?:\.soft|Type)?<(>|\bassert(?:\.\w+)*<(>|\.should(?:\.|<(>)|\bshould\.\w+"
    rf"|t(?<!\wt)(?:|ap|est)\.{_SAID}|\bqunit\.{_SAID}"
    r"|\bassert(?:Equals|StrictEquals|Throws|That|Exists)\w*<(>|\bexpect(?:Saga|Observable)\w*\(|\bcy\.contains\(",
    declared=False,
)

_DIALECTS = {
    "JavaScript": _SCRIPT,
    "TypeScript": _SCRIPT,
    "Go": _dialect(
        r"^func\s++(?:\([^)\n]*\)\s*+)?(?:Test|Fuzz|Example)\w*\s*+\(|\bIt\(\"",
        r"\b[tbf]\w{0,20}\.(?:Errorf?|Fatalf?|Fail(?:Now)?)\(|\b(?:require|assert|is|qt|td|cmp)\.\w+<(>"
        r"|\b(?:So|Expect|Assert|assert\w*)<(>",
    ),
    "Rust": _dialect(
        r"\#\[(?:\w+::)*(?:test|rstest|test_case|quickcheck|proptest|wasm_bindgen_test)\b",
        r"\b(?:debug_)?assert(?:_\w+)?!<(>|\bpanic!|\#\[should_panic|\bprop_assert\w*!|\bverify\(",
    ),
    "R": _dialect(
        r"\b(?:test_that|it|describe|using)\s*+\(|\btest[._]\w+\s*+<-\s*+function",
        r"\bexpect_\w+<(>|\bcheck(?:Equals|True|Identical|Exception|EqualsNumeric)\w*<(>|\bstopifnot<(>"
        r"|\bassert_\w+<(>",
        _HASH,
        declared=False,
    ),
    "Julia": _dialect(
        r"@(?:testset|testitem|test)\b",
        r"@test(?:_throws|_nowarn|_logs|_broken|_approx\w*)?\b(?![ \t]++true[ \t]*+$)",
        _HASH,
        declared=False,
    ),
    "Java": _JVM,
    "Kotlin": _JVM,
    "Scala": _JVM,
    "C": _C,
    "C++": _C,
    "C#": _dialect(
        r"\[(?:Test|Fact|Theory|TestMethod|TestCase|DataTestMethod|Property)\b",
        r"\bAssert\.\w+(?:<[^<>\n]{1,80}>)?<(>|\.Should(?:Be\w*|Not\w*|Throw\w*)?<(>|\bShould\.\w+"
        r"|\bVerify\(|\.Received\(",
    ),
    "Ruby": _dialect(
        r"^[ \t]*+(?:it|specify|test|scenario)\b|^[ \t]*+def\s++test_\w+",
        r"\bexpect(?:<(>|\s*+\{)|\.should(?:_not)?\b|\bassert(?:_\w+)?\b(?!\s*+\(?\s*+true\b)|\brefute\w*\b"
        r"|\.must_\w+|\bis_expected\b",
        _HASH,
    ),
    "PHP": _dialect(
        r"\bfunction\s++test\w*|\b(?:it|test)\s*+\(|@test\b|\#\[Test\]",
        r"(?:->|::)assert\w+<(>|\bexpect<(>|->expect(?:Exception|Output)\w*\(|->should\w*\(",
    ),
    "Swift": _dialect(
        r"\bfunc\s++test\w*|@Test\b",
        r"\bXCTAssert\w*<(>|\bXCTFail\(|\#(?:expect|require)<(>|\bexpect<(>",
    ),
    "MATLAB": _dialect(
        r"\bfunction\s++(?:\w++\s*+=\s*+)?[tT]est\w*|\bmethods\s*+\(\s*+Test|matlab\.unittest|\bfunctiontests\b"
        r"|^-\s*+\(void\)\s*+test\w*",
        r"\b(?:verify[A-Z]\w*|assert(?:[A-Z]\w*)?|fatalAssert\w*|XCTAssert\w*)<(>|\.(?:verify|assert)[A-Z]\w*<(>",
        _PERCENT,
    ),
    "Shell": _dialect(
        r"^[ \t]*+@test\b|^[ \t]*+(?:function\s++)?test_?\w+\s*+\(\)",
        r"\bassert(?:_\w+|[A-Z]\w*)\b|^[ \t]*+\[\[?[ \t]++[\"$]",
        _HASH,
    ),
    "Lua": _dialect(
        r"\b(?:it|test)\s*+\(|\bfunction\s++[\w.:]{0,80}test\w*",
        r"\bassert(?:[.:]\w+)*<(>|\bexpect<(>|\blu\.assert\w*",
        _DASHES,
    ),
    "Dart": _dialect(
        r"\b(?:test|testWidgets|blocTest)\w*\s*+(?:<[^<>\n]{1,80}>)?\s*+\(",
        r"\bexpect(?:Later)?<(>|\bverify(?:Never)?\(",
    ),
    "Elixir": _dialect(r"^[ \t]*+(?:test|property)\s++\"", r"\b(?:assert|refute)\w*+\b(?![ \t]++true[ \t]*+$)", _HASH),
    "Haskell": _dialect(
        r"\b(?:it|describe|testCase|testProperty|prop|testGroup)\b|\bprop_\w+",
        r"\bshould[A-Z]\w+|\bassert\w+|@\?=|@=\?|\bprop_\w+|\bquickCheck\w*|===",
        _DASHES,
    ),
    "Clojure": _dialect(r"\(deftest\b", r"\(is\s++(?!true\b)|\(are\b", _SEMICOLON),
    "Perl": _dialect(
        r"\bsubtest\b|\buse\s++Test::\w+",
        r"^[ \t]*+(?:is|ok|is_deeply|isnt|like|unlike|cmp_ok|isa_ok|throws_ok|dies_ok)\b",
        _HASH,
    ),
    "OCaml": _dialect(
        r"\btest_case\b|\blet\s++test\w*|\blet%test",
        r"\bassert\w*+\b(?!\s++true\b)|Alcotest\.\(?check|\blet%(?:test|expect_test)",
    ),
}

LANGUAGES = frozenset(_DIALECTS)


@cache
def dialect(language: str) -> Dialect:
    """How tests are written in one of the LANGUAGES."""
    test, assertion, comment, declared = _DIALECTS[language]
    return Dialect(re.compile(test, re.MULTILINE), re.compile(assertion, re.MULTILINE), comment, declared)
