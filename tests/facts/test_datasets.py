"""Teaching data sets: what accuses, what is innocent, what cannot be told."""

from collections.abc import Iterable
from typing import Any

import pytest

from portfolio_audit.facts import python_parse
from portfolio_audit.facts.dataset_clues import first_row
from portfolio_audit.facts.dataset_subject import Use
from portfolio_audit.facts.dataset_table import file_key, table
from portfolio_audit.facts.datasets import Datasets
from portfolio_audit.facts.library import library
from portfolio_audit.facts.signals import Signals
from portfolio_audit.testing import Files, make_repository, make_tree
from portfolio_audit.tree import File, SourceTree
from tests.facts.notebook_samples import code, stored

HEADER = "PassengerId,Survived,Pclass,Name,Sex,Age,SibSp,Parch,Ticket,Fare,Cabin,Embarked\n"
SETUP = 'from setuptools import setup\nsetup(name="beehive", version="1.0")\n'


def read(files: Files, **options: Any) -> Datasets:
    found = Datasets.distil(make_tree(files, **options))
    assert found is not None
    return found


def ids(uses: Iterable[Use]) -> set[str]:
    return {use.id for use in uses}


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("train.py", "from sklearn.datasets import load_iris\nx = load_iris()\n", "iris"),
        ("train.py", "from sklearn import datasets\nx = datasets.load_boston()\n", "boston"),
        ("train.py", "from sklearn.datasets import *\nx = load_wine()\n", "wine"),
        ("train.py", "import seaborn as sns\ndf = sns.load_dataset('titanic')\n", "titanic"),
        ("train.py", "from sklearn.datasets import fetch_openml\nX = fetch_openml(name='mnist_784')\n", "mnist"),
        (
            "train.py",
            "import tensorflow as tf\nmnist = tf.keras.datasets.mnist\n(a, b), c = mnist.load_data()\n",
            "mnist",
        ),
        ("train.py", "from tensorflow.keras.datasets import fashion_mnist\n", "fashion_mnist"),
        ("train.py", "from torchvision import datasets as d\nx = d.CIFAR10('.', train=True)\n", "cifar10"),
        ("train.py", "import tensorflow_datasets as tfds\nx = tfds.load('iris')\n", "iris"),
        ("train.py", "import tensorflow_datasets as tfds\nif name == 'iris':\n    x = tfds.load(name)\n", "iris"),
        ("train.py", "from datasets import load_dataset\nx = load_dataset('stanfordnlp/imdb')\n", "imdb"),
        ("train.py", "import kagglehub\np = kagglehub.dataset_download('uciml/iris')\n", "iris"),
        ("train.py", "df = read('../input/titanic/train.csv')\n", "titanic"),
        (
            "train.py",
            "u = 'https://archive.ics.uci.edu/ml/machine-learning-databases/wine-quality/x.csv'\n",
            "wine_quality",
        ),
        ("train.py", "df = read('data\\\\winequality-red.csv')\n", "wine_quality"),
        ("app.py", "row = [p.SibSp, p.Parch, p.Embarked, p.Pclass]\n", "titanic"),
        ("conf/columns.yaml", "keep: [SibSp, Parch]\ndrop: ._Embarked -Pclass\n", "titanic"),
        ("conf/columns.json", '["SibSp", "Parch", "Embarked", "Pclass", "Größe"]\n', "titanic"),
        (
            "conf/columns.toml",
            "a = ['petal length (cm)', \"petal width (cm)\"]\nb = ['sepal length (cm)', 'sepal width (cm)']\n",
            "iris",
        ),
        ("get.sh", "#!/bin/sh\nkaggle competitions download -c titanic\n", "titanic"),
        ("train.py", "u = 'https://www.kaggle.com/c/titanic/data'\n", "titanic"),
        ("train-images-idx3-ubyte", "\x00\x00\x08\x03", "mnist"),
        ("model.R", "library(caret)\ndata(PimaIndiansDiabetes)\n", "pima"),
        ("model.R", "fit <- randomForest(Species ~ ., data = iris)\n", "iris"),
        ("model.jl", "using MLDatasets\ndata = MLDatasets.BostonHousing()\n", "boston"),
        (
            "src/data.ts",
            "const u = 'https://storage.googleapis.com/learnjs-data/model-builder/mnist_images.png';\n",
            "mnist",
        ),
        ("load.cpp", 'const string IMAGES = "train-images-idx3-ubyte";\n', "mnist"),
        ("load.py", "path = 'data/fashion/train-images-idx3-ubyte'\n", "fashion_mnist"),
        ("raw/FashionMNIST/t10k-images-idx3-ubyte", "\x00\x00\x08\x03", "fashion_mnist"),
        ("model.jl", "using Flux.Data: MNIST\nimages = MNIST.images()\n", "mnist"),
        ("model.jl", "using MLDatasets\nset = FashionMNIST(split=:train)\n", "fashion_mnist"),
        ("model.jl", 'using RDatasets\nd = dataset("datasets", "iris")\n', "iris"),
        ("model.jl", "using MLJ\nX, y = @load_iris\n", "iris"),
        ("src/main.rs", "let set = linfa_datasets::iris();\n", "iris"),
        ("Train.java", "DataSetIterator it = new MnistDataSetIterator(64, true, 7);\n", "mnist"),
        ("train.csv", HEADER, "titanic"),
        ("data.tsv", "\ufeff" + HEADER.replace(",", "\t"), "titanic"),
        ("data.csv", (HEADER + "1,0,3\n").encode("utf-16"), "titanic"),
        ("data.csv", HEADER.replace(",", '","').join(['"', '"']), "titanic"),
        (
            "data.csv",
            "pregnancies,glucose,blood_pressure,skin_thickness,insulin,bmi,age,outcome\n1,2,3,4,5,6,7,0\n",
            "pima",
        ),
        ("a.py", "df = pd.read_csv('train.csv')\ndf.drop(['Cabin', 'Embarked'])\ny = df['Survived']\n", "titanic"),
        ("form.py", "ASKED = ['skin_thickness', 'blood_pressure', 'diabetes_pedigree_function']\n", "pima"),
    ],
)
def test_each_kind_of_clue_points_at_its_set_and_at_a_place(path: str, text: str, expected: str) -> None:
    files = {path: text, "main.py": "print('go')\n"}
    found = read(files)
    assert expected in ids(found.datasets)
    use = next(use for use in found.datasets if use.id == expected)
    assert use.evidence[0].path == path
    assert found.main is True


@pytest.mark.parametrize(
    ("path", "text", "line", "note"),
    [
        (
            "a.py",
            "import os\nx = r['Survived']\ny = r[['Parch', 'Embarked']]\nz = r.Pclass\n",
            3,
            "column names Embarked, Parch; elsewhere Survived, Pclass",
        ),
        ("a.py", "import os\n\nrow = [p.SibSp,\n p.Parch,\n p.Embarked,\n p.Pclass]\n", 3, "column names SibSp; "),
        ("a.yaml", "Parched: no\nkeep: [SibSp, Parch]\ndrop: [Embarked, Pclass, Cabin]\n", 3, "column names Cabin, "),
        (
            "a.R",
            "Parchment <- 1\n\nx <- d$Parch + d$SibSp\ny <- d$Embarked\nz <- d$Pclass\n",
            3,
            "column names Parch, S",
        ),
        (
            "a.ipynb",
            stored(*map(code, ["x = 1"] * 5 + ["d['SibSp']", "d['Cabin']", "d['Parch']", "y = 2", "d['Embarked']"])),
            None,
            "cell 6, line 1: column names SibSp; elsewhere Cabin, Parch, Embarked",
        ),
    ],
)
def test_columns_are_shown_where_they_stand(path: str, text: str, line: int | None, note: str) -> None:
    (use,) = read({path: text, "main.py": "print('go')\n"}).datasets
    assert use.evidence[0].path == path
    assert use.evidence[0].line == line
    assert use.evidence[0].note.startswith(note)


def test_a_file_is_parsed_again_only_where_enough_columns_can_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def attributes(source: bytes) -> dict[str, int]:
        asked.append(source)
        return {}

    monkeypatch.setattr(python_parse, "attributes", attributes)
    read({"a.py": "x = d.mean()\ny = d.worst\nz = d.SibSp\n", "b.py": "# d.Parch\nx = 1\n"})
    assert asked == []
    read({"a.py": "x = d.SibSp\ny = d['Embarked']\n", "b.py": "z = d.Parch\n", "c.py": "d.mean()\n"})
    assert asked == [b"x = d.SibSp\ny = d['Embarked']\n", b"z = d.Parch\n"]


def test_the_line_of_a_loader_is_the_evidence() -> None:
    found = read({"a/train.py": "import os\n\nfrom sklearn.datasets import load_iris\n"})
    assert (found.datasets[0].evidence[0].path, found.datasets[0].evidence[0].line) == ("a/train.py", 3)


def test_a_published_file_is_known_by_its_id_without_its_bytes() -> None:
    oid = table().entries["titanic"].blobs[0]
    files = [File("d/x.csv", 60302, oid), File("run.py", 6, None)]
    found = Datasets.distil(SourceTree(files, {"run.py": b"go(1)\n"}, unread={"d/x.csv": "not in the archive"}))
    assert found is not None
    assert found.main is True
    assert "byte for byte" in found.datasets[0].evidence[0].note


def test_a_large_file_storage_pointer_is_known_by_its_hash_and_another_is_not() -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n"
    known = table().entries["titanic"].lfs[0]
    assert ids(read({"d.csv": pointer.format(known), "a.py": "x = 1\n"}).datasets) == {"titanic"}
    assert read({"d.csv": pointer.format("0" * 64), "a.py": "x = 1\n"}).main is False


def test_a_shell_line_of_a_notebook_counts() -> None:
    cell = '{"cells":[{"cell_type":"code","source":["!kaggle competitions download -c titanic"]}],"metadata":{}}'
    assert ids(read({"n.ipynb": cell}).datasets) == {"titanic"}


@pytest.mark.parametrize(
    "files",
    [
        {"game.py": "class Titanic:\n    def sink(self): return 'iceberg'\n", "README.md": "# Titanic, the game\n"},
        {"app.py": "iris = camera.detect('iris')\nmnist = 3\n", "README.md": "# Iris scanner\n"},
        {"m.py": "# like load_iris or titanic.csv\nx = 1\n"},
        {"m.py": '"""Works as sklearn.datasets.load_iris does."""\nx = 1\n'},
        {"house.py": "COLUMNS = ['price', 'bedrooms', 'bathrooms', 'sqft_living', 'area']\n"},
        {"boston.csv": "listing,host,room,nights\n1,2,3,4\n", "a.py": "read('listings')\n"},
        {"titanic.csv": "ship,tonnage,yard,year\nOlympic,45000,Belfast,1911\n", "a.py": "x = 1\n"},
        {"a.ts": "// from titanic.csv\nconst mnistLike = 1\n"},
        {"plot.R": "# data(iris)\ntitle <- 'iris of the eye'\n"},
        {"tests/test_fit.py": "from sklearn.datasets import load_iris\n", "bee/fit.py": "def fit(x): return x\n"},
        {"examples/demo.py": "from sklearn.datasets import load_iris\n", "bee/fit.py": "def fit(x): return x\n"},
        {"docs/data/titanic.csv": HEADER, "bee/fit.py": "def fit(x): return x\n"},
        {"tests/fixtures/titanic.csv": HEADER, "csvtool/read.py": "def rows(x): return x\n"},
        {
            "R/knn.R": "knn <- function(x) x\n\ntest.knn = function(k = 5) {\n\tdata(iris)\n\tprint(iris)\n}\n",
            "README": "A filter for letters.\n",
        },
        {
            "hives/data_loaders/load_titanic.py": "url = 'https://example.org/datasets/titanic.csv'\n",
            "hives/transformers/fill_in_missing_values.py": "COLUMNS = ['Parch', 'Pclass', 'SibSp', 'Survived']\n",
            "hives/data_exporters/export_titanic_clean.py": "path = 'titanic_clean.csv'\n",
            "hives/data_loaders/load_hives.py": "url = 'https://example.org/hives'\n",
        },
        {"examples/iris.csv": "sepal_length,sepal_width,petal_length,petal_width,species\n", "plot.py": "draw()\n"},
        {"node_modules/x/iris.csv": "5.1,3.5,1.4,0.2,Iris-setosa\n", "a.js": "run()\n"},
    ],
)
def test_names_comments_tests_and_examples_accuse_nobody(files: Files) -> None:
    assert read(files).main is False


def test_what_is_only_demonstrated_is_listed_apart() -> None:
    found = read(
        {"tests/test_fit.py": "from sklearn.datasets import load_iris\n", "bee/fit.py": "def f(x): return x\n"}
    )
    assert ids(found.incidental) == {"iris"}
    assert found.datasets == ()


def test_a_library_may_ship_a_teaching_set() -> None:
    files = {
        "setup.py": SETUP,
        "README.md": "# Beehive\n\n    pip install beehive\n",
        "beehive/datasets.py": "def load_titanic():\n    return read_csv('data/titanic.csv')\n",
        "beehive/data/titanic.csv": HEADER,
    }
    found = read(files)
    assert found.main is False
    assert ids(found.incidental) == {"titanic"}
    place = library(make_tree(files))
    assert place is not None
    assert (place.path, place.line) == ("README.md", 3)


@pytest.mark.parametrize(
    "readme",
    [
        "pip install -r requirements.txt",
        "pip install -e .",
        "pip install pandas",
        "# beehive",
        "pip install -e . so that beehive",
    ],
)
def test_a_setup_file_alone_makes_no_library(readme: str) -> None:
    files = {"setup.py": SETUP, "README.md": readme, "train.py": "from sklearn.datasets import load_iris\n"}
    assert library(make_tree(files)) is None
    assert read(files).main is True


@pytest.mark.parametrize(
    ("manifest", "text", "line"),
    [
        ("Cargo.toml", '[package]\nname = "bee-hive"\n', "cargo add bee-hive"),
        ("package.json", '{\n  "name": "@bees/hive"\n}', "npm install --save @bees/hive"),
        ("go.mod", "module example.org/bees/hive/v2\n", "go get example.org/bees/hive/v2@latest"),
        ("DESCRIPTION", "Package: beehive\n", 'install.packages("beehive")'),
        ("pyproject.toml", '[project]\nname = "bee_hive"\n', "[![](https://img.shields.io/pypi/v/bee-hive.svg)](x)"),
        ("Project.toml", 'name = "BeeHive"\n', 'Pkg.add("BeeHive")'),
    ],
)
def test_every_registry_tells_a_library(manifest: str, text: str, line: str) -> None:
    assert library(make_tree({manifest: text, "README.md": f"# Hive\n\n{line}\n"})) is not None


def test_a_list_of_files_to_publish_tells_a_library() -> None:
    manifest = '{\n  "name": "hive",\n  "main": "src/index.js",\n  "files": [\n    "src"\n  ]%s\n}'
    page = {"README.md": "# Hive\n\nTools for bees.\n"}
    place = library(make_tree({"package.json": manifest % "", **page}))
    assert place is not None
    assert (place.path, place.line) == ("package.json", 4)
    assert library(make_tree({"package.json": manifest % ',\n  "private": true', **page})) is None
    assert library(make_tree({"package.json": '{"name": "hive", "main": "index.js"}', **page})) is None
    assert library(make_tree({"setup.py": "setup(name='hive')", **page})) is None


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("load.py", "path = 'raw/olist_order_items_dataset.csv'\n", "olist"),
        ("raw/reviews.csv", "review_id,order_id,review_score,review_comment_title\n", "olist"),
        (
            "dims.py",
            "keep = ['product_name_lenght', 'freight_value', 'product_photos_qty', 'payment_sequential']\n",
            "olist",
        ),
        ("orders.csv", "order_id,user_id,eval_set,order_number,order_dow\n", "instacart"),
        ("loans.csv", "loan_amnt,term,int_rate,installment,grade,sub_grade\n", "lending_club"),
        ("train.py", "data = read('raw/Enron.csv')\n", "enron"),
        ("mail.csv", "Message ID,Subject,Message,Spam/Ham,Date\n", "enron"),
        ("cards.csv", ",trans_date_trans_time,cc_num,merchant,category,amt\n", "card_transactions"),
        ("homes.csv", "Suburb,Address,Rooms,Type,Price,Method,SellerG\n", "melbourne"),
        ("readings.csv", "UDI,Product ID,Type,Air temperature [K]\n", "predictive_maintenance"),
        ("train.py", "p = 'train_FD001.txt'\n", "turbofan"),
        ("reviews.csv", ",Clothing ID,Age,Title,Review Text\n", "clothing_reviews"),
        ("power.csv", "Date;Time;Global_active_power;Global_reactive_power\n", "household_power"),
    ],
)
def test_public_tables_of_courses_and_competitions_are_recognised(path: str, text: str, expected: str) -> None:
    found = read({path: text})
    assert (ids(found.datasets), found.main) == ({expected}, None)


@pytest.mark.parametrize(
    "text",
    [
        "order_id,customer_id,order_status,total\n",
        "seller_id,seller_city,rating\n",
        "date,time,power,voltage\n",
        "person id,gender,age,role\n",
    ],
)
def test_own_tables_with_common_headings_are_none_of_them(text: str) -> None:
    assert not read({"own.csv": text}).datasets


def test_a_popular_set_is_unclear_and_never_an_accusation() -> None:
    found = read({"WA_Fn-UseC_-Telco-Customer-Churn.csv": "a\n", "train.py": "fit()\n"})
    assert found.main is None
    assert "popular" in found.why


def test_much_data_of_its_own_beside_a_classic_set_cannot_be_told() -> None:
    own = {f"data/hive{n}.csv": "hive,day,weight\n" + "3,2,1\n" * 500 for n in range(5)}
    found = read({**own, "train.csv": HEADER, "a.py": "go()\n"})
    assert found.main is None
    assert {source.name for source in found.other_sources} == {f"hive{n}.csv" for n in range(5)}


@pytest.mark.parametrize(("readme", "main"), [("# Bees of the valley\n", None), ("# Iris flowers, classified\n", True)])
def test_iris_beside_own_data_is_the_subject_only_if_the_readme_says_so(readme: str, main: bool | None) -> None:
    modules = {f"part{n}.py": "x = rows('hives.csv')\n" for n in range(4)}
    own = {"hives.csv": "hive,day,weight\n" + "3,2,1\n" * 500, "check.py": "from sklearn.datasets import load_iris\n"}
    assert read({**modules, **own, "README.md": readme}).main is main


def test_a_sample_in_a_tool_for_tables_of_its_users_cannot_be_told() -> None:
    tool = "import streamlit as st\nf = st.file_uploader('your table')\nshow(f or 'titanic.csv')\n"
    assert (
        read({"titanic.csv": HEADER, "app.py": tool, "README.md": "# Ask a table\n\nTry titanic.csv.\n"}).main is None
    )
    assert read({"titanic.csv": HEADER, "app.py": tool + "x = [d.SibSp, d.Parch, d.Embarked, d.Pclass]\n"}).main is True


def test_derived_tables_are_no_other_data() -> None:
    derived = {f"step{n}.csv": "passengerid,survived,pclass,embarked_c\n" + "1,2,3,0\n" * 500 for n in range(5)}
    found = read({**derived, "train.csv": HEADER, "a.py": "go()\n"})
    assert found.main is True
    assert not [source for source in found.other_sources if source.kind == "file"]


def test_a_source_file_named_for_the_set_makes_it_the_subject_where_no_other_data_are() -> None:
    parts = {f"src/part_{n}.py": f"def part_{n}():\n    return {n}\n" for n in range(20)}
    load = {"src/load.py": "urlretrieve(url, 'data/titanic.csv')\n"}
    assert read({**parts, **load}).main is None
    assert read({**parts, **load, "src/titanic_model.py": "class Model:\n    pass\n"}).main is True
    assert read({**parts, **load, "src/datasets/titanic.py": "class Set:\n    pass\n"}).main is None, "one of its sets"
    other = {"src/titanic_model.py": "import psycopg2\n", "src/more.py": "import praw\n"}
    assert read({**parts, **load, **other}).main is None


def test_a_model_is_trained_on_the_only_set_that_is_seen() -> None:
    parts = {f"src/part_{n}.py": f"def part_{n}():\n    return {n}\n" for n in range(20)}
    load = {"src/load.py": "urlretrieve(url, 'data/titanic.csv')\n"}
    train = {"src/train.py": "from sklearn.svm import SVC\nSVC().fit(x, y)\n"}
    assert read({**parts, **load, **train}).main is True
    assert read({**parts, **load, **train, "src/own.py": "import psycopg2\n"}).main is None
    assert read({**parts, **load, **train, "src/more.py": "from sklearn.datasets import load_iris\n"}).main is None
    many = {f"lesson_{n}.py": "x = 1\n" for n in range(40)}
    assert read({**parts, **many, **load, **train}).main is None


def test_a_side_use_in_a_large_project_without_a_word_in_its_readme_cannot_be_told() -> None:
    modules = {f"hive/part{n}.py": "def f(): return 1\n" for n in range(40)}
    found = read({**modules, "hive/check.py": "from sklearn.datasets import load_iris\n", "README.md": "# Hives\n"})
    assert found.main is None


@pytest.mark.parametrize(
    ("loader", "readme"),
    [
        ("from torchvision.datasets import CIFAR10\nx = CIFAR10('.')\n", "# Nets\n\nI play with CIFAR10.\n"),
        ("from sklearn.datasets import fetch_california_housing as f\nx = f()\n", "# Nets on california-housing\n"),
    ],
)
def test_a_name_in_the_readme_counts_however_it_is_joined(loader: str, readme: str) -> None:
    modules = {f"nets/part{n}.py": "def f(): return 1\n" for n in range(40)}
    assert read({**modules, "main.py": loader, "README.md": readme}).main is True


def test_own_sources_are_told_with_their_place() -> None:
    found = read({"collect.py": "import json\nimport praw\nfrom bs4 import BeautifulSoup\n"})
    assert [(s.kind, s.name, s.where.line) for s in found.other_sources] == [("api", "praw", 2), ("scraper", "bs4", 3)]
    assert found.main is False


def test_unread_code_makes_an_absence_unknown() -> None:
    found = read({"a.py": "x = 1\n"}, unread={"train.ipynb": "too large"})
    assert found.main is None
    assert found.incomplete


@pytest.mark.parametrize(
    ("files", "main"),
    [
        ({"README.md": "# MNIST from scratch\n", "src/mnist/load.cpp": "int magic = 2051;\n"}, True),
        ({"README.md": "<img src=x>\n\n# mnist-in-the-browser\n", "i.js": "// a trained MNIST model\ngo()\n"}, True),
        ({"README.md": "# MNIST from scratch\n", "src/load.cpp": "int magic = 2051;\n"}, None),
        ({"README.md": "# Wine quality\n", "d/winequality.names": "x\n", "load.py": "read('Train.txt')\n"}, True),
        ({"README.md": "# Titanic\n\nSolves https://www.kaggle.com/c/titanic.\n", "a.lisp": "(go)\n"}, True),
        (
            {"README.md": "## Cats vs Dogs\n\n[here](https://www.kaggle.com/c/dogs-vs-cats/data)\n", "a.py": "go()\n"},
            True,
        ),
        ({"README.md": "# Titanic, the game\n\nPlay it at https://example.org/titanic.\n", "a.lisp": "(go)\n"}, False),
        ({"README.md": "# Titanic\n\nNotes on https://www.kaggle.com/c/titanic.\n"}, False),
        ({"README.md": "# Skin cancer MNIST\n", "src/mnist/load.cpp": "int magic = 2051;\n"}, None),
        ({"README.md": "# MNIST\n", "mnist.py": "import praw\n", "own.csv": "hive,day\n" + "1,2\n" * 900}, False),
        ({"README.md": "# Nets\n\nTried on MNIST too.\n", "src/net.cpp": "int mnist_like = 1;\n"}, None),
        (
            {
                "README.md": "# Iris flower charts\n",
                "models/Iris.cs": "class Iris {}\n",
                "examples/iris.csv": "sepal_length,sepal_width,petal_length,petal_width,species\n",
            },
            True,
        ),
    ],
)
def test_a_title_makes_a_set_the_subject_only_where_the_code_speaks_of_it(files: Files, main: bool | None) -> None:
    found = read(files)
    assert found.main is main
    shown = [place.path for use in found.datasets for place in use.evidence]
    assert (shown[:1] == ["README.md"] and len(shown) > 1) is bool(main), "the title and what it rests on are shown"


@pytest.mark.parametrize(("folder", "main"), [("nets", None), ("iris", True)])
def test_algorithms_tried_on_several_sets_are_not_about_one_of_them(folder: str, main: bool | None) -> None:
    files = {
        "README.md": "# Learning machines, from scratch\n",
        "trees.py": "from sklearn.datasets import load_breast_cancer\n",
        f"{folder}/perceptron.py": "from sklearn.datasets import load_iris\n",
    }
    assert read(files).main is main
    assert read({**files, "README.md": "# Iris and others\n"}).main is True


def test_a_library_that_shows_itself_on_several_sets_is_about_none_of_them() -> None:
    files = {
        "README.md": "# Learning machines\n",
        "bee/boost.py": "if __name__ == '__main__':\n    from sklearn.datasets import load_iris\n",
        "examples/trees.py": "from sklearn.datasets import load_iris\n",
        "examples/lines.py": "from sklearn.datasets import load_boston\n",
    }
    assert read(files).main is None
    assert read({**files, "README.md": "# Iris, fitted\n"}).main is True
    fewer = {path: text for path, text in files.items() if path != "examples/lines.py"}
    assert read(fewer).main is True


def test_signals_call_a_set_incidental_where_it_is_used_and_is_not_the_subject() -> None:
    files = {
        "README.md": "# Learning machines, from scratch\n",
        "trees.py": "from sklearn.datasets import load_breast_cancer\n",
        "lines.py": "from sklearn.datasets import load_iris\n",
    }
    beside = make_repository(files).fact(Signals)
    subject = make_repository({**files, "README.md": "# Iris\n"}).fact(Signals)
    assert beside is not None
    assert subject is not None
    assert beside.values["incidental_datasets"] == ["breast_cancer", "iris"]
    assert subject.values["incidental_datasets"] == []


def test_a_table_in_a_project_of_another_language_is_its_subject_if_it_says_so() -> None:
    files = {"data/training.csv": HEADER, "Model/Trees.fs": "module Trees\n", "README.md": "# Kaggle-Titanic\n"}
    assert read(files).main is True


def test_a_file_fetched_by_its_address_is_loaded_whatever_else_a_program_takes_from_its_user() -> None:
    serve = "from fastapi import UploadFile\ndef predict(image: UploadFile): ...\n"
    fetch = "URL = 'https://download.example.org/3/E/kagglecatsanddogs_3367a.zip'\n"
    assert read({"serve.py": serve, "train.py": fetch, "README.md": "# Cats vs. dogs, pruned\n"}).main is True


def test_a_library_is_told_by_a_constant_of_its_setup_file() -> None:
    files = {"setup.py": "DISTNAME = 'beehive'\nsetup(name=DISTNAME)\n", "README.rst": "pip install -U beehive\n"}
    assert library(make_tree(files)) is not None


def test_a_benchmark_of_equal_standing_is_no_accusation() -> None:
    load = {"a.py": "from torchvision.datasets import CIFAR10, CIFAR100, SVHN\n"}
    assert read({**load, "README.md": "# Optimisers\n"}).main is None
    assert read({**load, "README.md": "# Optimisers on CIFAR-100\n"}).main is None
    assert read({**load, "README.md": "# 1000 nets for CIFAR10\n"}).main is True


@pytest.mark.parametrize(
    "content",
    [
        b"a," * 700_000 + b"\n",
        b"\x00" * 5000,
        b'"' * 9000,
        b"\xff\xfe" + b"\xd8\x00" * 4000,
        b"\xef\xbb\xbf",
        b"",
        b"version https://git-lfs.github.com/spec/v1\n" * 100,
        b"\r" * 9000,
        b"|" * 9000,
    ],
)
def test_hostile_data_files_are_read_as_nothing(content: bytes) -> None:
    found = read({"x.csv": content, "titanic_x.data": content, "a.py": "x = 1\n"})
    assert found.datasets == ()
    assert len(first_row(content[:8192])) <= 200


@pytest.mark.parametrize("suffix", ["py", "ts", "R", "jl", "go", "ipynb", "yaml"])
def test_hostile_sources_end(suffix: str) -> None:
    text = "x = '" + "titanic/" * 60_000 + "'\n" + "kaggle " * 20_000 + "`" * 20_000 + "\x00" * 100 + "data(" * 20_000
    assert read({f"a.{suffix}": text, "b.py": "x = 1\n"}).main is not True


def test_hostile_demonstrations_end() -> None:
    text = "test.f = function(x) 1\n" * 30_000 + "iris " * 30_000 + "data(iris)\n" * 30_000
    assert read({"a.R": text, "README.md": "# mnist\n\n" + "a.a/" * 100_000 + "\n"}).main is False


def test_every_entry_of_the_table_can_be_found_and_says_what_it_is() -> None:
    known = table()
    assert len(known.entries) > 100
    for entry in known.entries.values():
        assert entry.name
        assert all(name == file_key(name) for name in (*entry.files, *entry.weak_files)), entry.id
        assert all(cell == cell.casefold() for header in entry.headers for cell in header), entry.id
        assert all(len(oid) == 40 for oid in entry.blobs)
        assert all(len(oid) == 64 for oid in entry.lfs)


def test_no_signature_belongs_to_two_sets() -> None:
    entries = table().entries.values()
    for field in ("files", "blobs", "lfs", "urls", "hf", "kaggle", "loaders"):
        seen: dict[str, str] = {}
        for entry in entries:
            for value in getattr(entry, field):
                assert seen.setdefault(value, entry.id) == entry.id, (field, value)


def test_a_loader_that_is_called_without_end_is_told_once_for_each_set() -> None:
    from portfolio_audit.facts.dataset_code import code_clues

    calls = "tfds.load(x)\n" * 3_000 + "y = 'iris'\n" * 3_000
    clues = make_tree({"a.py": "import tensorflow_datasets as tfds\n" + calls}).derive(code_clues)
    assert [(clue.dataset, clue.where.line) for clue in clues if clue.kind == "loader"] == [("iris", 3_002)]
