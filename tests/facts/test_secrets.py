"""What looks like a secret is told by line and kind; what is made to be filled in is innocent.

No sample stands here as it would in a repository: each is put together when the test runs.
"""

import random
import string

import pytest

from portfolio_audit.facts.secrets import MOST_LOOKED_AT, find_secrets

HEX = "0123456789abcdef"
LETTERS = string.ascii_letters + string.digits
DASHED = LETTERS + "_-"


def made(alphabet: str, length: int, seed: int = 1) -> str:
    """A random value, the same at every run."""
    return "".join(random.Random(seed).choices(alphabet, k=length))


SAMPLES = {
    "an OpenAI key": "sk" + "-proj-" + made(LETTERS, 60) + "T3Blb" + "kFJ" + made(LETTERS, 60, 2),
    "an Anthropic key": "sk" + "-ant-api03-" + made(LETTERS, 93) + "AA",
    "an OpenRouter key": "sk" + "-or-v1-" + made(HEX, 64),
    "a Hugging Face token": "hf" + "_" + made(string.ascii_letters, 34),
    "a GitHub token": "gh" + "p_" + made(LETTERS, 36),
    "an AWS access key": "AK" + "IA" + made("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
    "a Google API key": "AI" + "za" + made(LETTERS, 35),
    "a Groq key": "gs" + "k_" + made(LETTERS, 52),
    "a Slack token": "xo" + "xb-" + made(string.digits, 12) + "-" + made(LETTERS, 24),
    "a SendGrid key": "SG" + "." + made(LETTERS, 22) + "." + made(LETTERS, 43),
    "a Stripe key": "sk" + "_live_" + made(LETTERS, 24),
    "a Databricks token": "da" + "pi" + made(HEX, 32),
    "a LangSmith key": "ls" + "v2_pt_" + made(HEX, 32) + "_" + made(HEX, 10, 2),
    "a Telegram bot token": "71234" + "56098:AA" + made(LETTERS, 33),
    "an ngrok token": "2" + made(LETTERS, 26, 4) + "_" + "5" + made(LETTERS, 20, 6),
    "an Azure storage key": "Account" + "Key=" + made(LETTERS, 86) + "==",
    "a Slack webhook": "https://hooks." + "slack.com/services/T" + made(LETTERS, 10) + "/B" + made(LETTERS, 34, 2),
    "a password of a mongodb database": "mongodb" + "+srv://bees:" + made(LETTERS, 14) + "@hive.ab1cd.mongodb.net/db",
    "a password of a postgresql database": "postgresql" + "://bees:" + made(LETTERS, 14) + "@db.hive.io:5432/db",
    "a private key": "-----BEGIN RSA PRIVATE" + " KEY-----\n" + made(LETTERS, 64) + "\n",
}
NAMED = made(LETTERS, 40, 5)
WITH_DASHES = made(LETTERS, 20, 5) + "-" + made(LETTERS, 24, 6) + "_" + made(LETTERS, 3, 7)


def kinds(text: str) -> list[str]:
    return [kind for _, kind in find_secrets(text)]


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("line", ['key = "{}"', "KEY={}", "key: {}", "  client('{}')", '{{"key": "{}"}}'])
def test_a_value_is_recognised_in_code_and_configuration(kind: str, line: str) -> None:
    assert list(find_secrets("import bees\n\n" + line.format(SAMPLES[kind]))) == [(3, kind)]


@pytest.mark.parametrize(
    "line",
    [
        "OPENWEATHER_API_KEY={}",
        'weather_api_key = "{}"',
        "os.environ['TAVILY_TOKEN_API_KEY'] = '{}'",
        '"clientSecret": "{}"',
        "wandb_api_key: {}",
        'ACCESS_TOKEN: str = "{}"',
        "os.environ['KAGGLE_KEY'] = '{}'",
        'wandb.login(key="{}")',
        'requests.get("https://api.bees.io/v1?api_key={}")',
        'headers = {{"x-api-key": "{}"}}',
        'bees.set_auth_token("{}")',
        "hive.api_key('{}')",
        'client.setApiKey( "{}" )',
        'NGROK_TOKEN = "{}"',
    ],
)
@pytest.mark.parametrize("value", [NAMED, made(HEX, 32, 3), WITH_DASHES], ids=["letters", "hex", "dashes"])
def test_a_random_value_that_the_code_calls_a_key_is_one(line: str, value: str) -> None:
    assert kinds(line.format(value)) == ["an API key or token"]


@pytest.mark.parametrize(
    "text",
    [
        'key = "sk' + '-your-api-key-goes-here-your-api-key-goes-here"',
        'key = "sk' + "-" + "x" * 48 + '"',
        'key = "hf' + "_" + "A" * 34 + '"',
        'key = "gh' + "p_" + "abcdefghijklmnopqrstuvwxyz0123456789" + '"',
        'key = "sk' + '-proj-..."',
        'key = "sk' + '-****************************************"',
        "AWS_ACCESS_KEY_ID=AK" + "IAIOSFODNN7" + "EXAMPLE",
        "api_key = os.environ['OPENAI_API_KEY_OF_THE_PROJECT']",
        'api_key = "${{ secrets.OPENAI_API_KEY_OF_THE_PROJECT }}"',
        'api_key = "<your-openai-api-key-from-the-dashboard>"',
        'api_key = "your_very_long_api_key_1234567890"',
        'API_KEY = "1234567890abcdef1234567890abcdef"',
        'NGROK_TOKEN = "YOUR_NGROK_AUTH_TOKEN_GOES_HERE_1234"',
        "ngrok authtoken 2" + "a" * 26 + "_" + "5" * 21,
        'ngrok.set_auth_token("<paste the authtoken of your dashboard>")',
        'api_key_of = "claude-3-5-sonnet-20241022-v2-latest"',
        'access_token_id = "' + "-".join(made(HEX, size) for size in (8, 4, 4, 4, 12)) + '"',
        'api_key_file("projects-2024/hive-keys-2024-11-02-production")',
        'set_auth_token("HIVE_SERVICE_ACCOUNT_2024_TOKEN_NAME_V2")',
        'commit = "' + made(HEX, 40) + '"',
        'sha256 = "' + made(HEX, 64) + '"',
        'cache_key = "' + made(HEX, 40) + '"',
        'recaptcha_site_key = "' + NAMED + '"',
        'publishable_api_key = "' + NAMED + '"',
        'key = "pk' + "_live_" + made(LETTERS, 24) + '"',
        'key = "sk' + "_test_" + made(LETTERS, 24) + '"',
        "url = 'postgresql" + "://postgres:postgres1@localhost:5432/db'",
        "url = 'postgresql" + "://bees:" + made(LETTERS, 12) + "@db:5432/db'",
        "url = 'mongodb" + "+srv://<user>:<password>@cluster0.abc.mongodb.net'",
        "url = 'mongodb" + "+srv://user:${PASSWORD_1}@cluster0.abc.mongodb.net'",
        "url = 'mysql" + "://root:changeme123@db.example.com'",
        "url = 'mongodb" + "+srv://bees:MyPassword@cluster0.ab1cd.mongodb.net'",
        "url = 'mongodb" + "+srv://bees:admin1234@cluster0.ab1cd.mongodb.net'",
        "url = 'mongodb" + "+srv://bees:" + made(string.ascii_lowercase, 10) + "@cluster0.xxxxx.mongodb.net'",
        "url = 'mongodb" + "+srv://bees:" + made(string.ascii_lowercase, 10) + "@cluster0.abcde.mongodb.net'",
        "url = 'postgresql" + "://bees:" + made(string.ascii_lowercase, 10) + "@db.hive.io:5432/db'",
        "-----BEGIN RSA PRIVATE" + " KEY-----\n...\n-----END",
        "LOCALHOST_KEY = '''-----BEGIN RSA PRIVATE" + " KEY-----\n" + made(LETTERS, 64),
        "var firebaseConfig = {\n apiKey: 'AI"
        + "za"
        + made(LETTERS, 35)
        + "',\n authDomain: 'hive.firebaseapp.com'\n}",
        "docsearch({\n  apiKey: '" + made(HEX, 32) + "',\n  indexName: 'hive'})\nalgolia",
        "data: " + made(LETTERS, 400),
        "image = 'data:image/png;base64," + made(LETTERS, 400) + "'",
        "SECRET_KEY: QVZlcnlMb25nRXhhbXBsZVNlY3JldEtleTEyMzQ1Njc4OTA=",
    ],
)
def test_what_is_filled_in_public_or_something_else_is_innocent(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize("password", ["flowerHoneyBee", "here-comes-honey", "localhoneybee", "bee" + "password"])
@pytest.mark.parametrize("host", ["hive.qzkrvtm.mongodb.net", "db.qzkrvtm.supabase.co", "hive.rds.amazonaws.com"])
def test_a_password_in_words_counts_at_a_host_that_is_given_to_one_customer(password: str, host: str) -> None:
    kind = "mongodb" if "mongodb" in host else "postgresql"
    assert kinds(f"url = '{kind}" + f"://bees:{password}@{host}/db'") == [f"a password of a {kind} database"]


def test_the_token_of_a_tunnel_is_seen_without_a_quote_and_in_order() -> None:
    value = SAMPLES["an ngrok token"]
    key = SAMPLES["a Groq key"]
    text = f"a = '{key}'\n!ngrok authtoken {value}\n!ngrok config add-authtoken {value}\nb = '{key}'\n"
    assert list(find_secrets(text)) == [
        (1, "a Groq key"),
        (2, "an ngrok token"),
        (3, "an ngrok token"),
        (4, "a Groq key"),
    ]


def test_a_short_random_key_is_one_and_a_name_in_its_place_is_not() -> None:
    assert kinds(f'rf = Roboflow(api_key="{made(LETTERS, 20, 5)}")') == ["an API key or token"]
    assert kinds("curve_secret_key_len = sign_curve25519_into_BYTES32\n") == []


def test_places_are_in_order_and_one_a_line() -> None:
    value = SAMPLES["a Hugging Face token"]
    text = f"a = '{value}', '{value}'\r\n\r\nb = '{value}'\n"
    assert [line for line, _ in find_secrets(text)] == [1, 3]


def test_nothing_of_the_value_is_told() -> None:
    for value in SAMPLES.values():
        for line, kind in find_secrets(f"key = '{value}'"):
            assert line == 1
            assert not any(kind in value or value[at : at + 12] in kind for at in range(len(value) - 12))


@pytest.mark.parametrize(
    "text",
    [
        "=sk-" * 250_000,
        "'" + "a1" * 500_000,
        "='a-" * 300_000,
        "authtoken 1" * 90_000,
        "api_key='" * 100_000 + made(LETTERS, 30),
        "mongodb://" + "a:" * 400_000,
        "-----BEGIN " * 90_000,
        "=" + "hf_" * 300_000,
        "\n" * 1_000_000,
    ],
)
def test_a_hostile_text_comes_to_an_end(text: str) -> None:
    assert list(find_secrets(text)) == []


def test_a_text_that_is_all_values_is_data() -> None:
    value = SAMPLES["a Hugging Face token"]
    assert 0 < len(list(find_secrets(f"='{value}'\n" * 20_000))) <= MOST_LOOKED_AT


def test_a_signing_key_in_base64_is_seen_and_other_long_values_in_base64_are_not() -> None:
    value = "qT7bWcY2LmX9dKf4RzV8sHnJ3PgU+6aE1iO5/NvBxCwM0kZtQyD2uGhSjA4rF7e"
    assert [kind for _, kind in find_secrets(f"SECRET_KEY = '{value}='")] == ["an API key or token"]
    assert list(find_secrets(f"LOGO = '{value}='\nAPI_TOKEN_PAGE = '{value}='\n")) == []
    assert list(find_secrets("SECRET_KEY = 'path/to/" + "some/folder/" * 5 + "key'")) == []


@pytest.mark.parametrize("name", ["MLFLOW_TRACKING_PASSWORD", "db_password"])
def test_a_long_random_password_is_told_and_a_phrase_or_a_variable_is_not(name: str) -> None:
    assert list(find_secrets(f'os.environ["{name}"] = "{made(HEX, 40)}"\n')) == [(1, "a password")]
    assert not list(find_secrets(f'os.environ["{name}"] = "correct-horse-battery-staple-{name}"\n'))
    assert not list(find_secrets(f"{name} = os.environ[{name!r}]\n"))
