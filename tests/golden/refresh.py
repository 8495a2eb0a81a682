"""Writes the kept page, the JSON and the schemas anew: `python -m tests.golden.refresh`, then read the diff."""

from importlib import resources
from pathlib import Path

from portfolio_audit.report import html, model, schema
from tests.golden.portfolio import portfolio

FOLDER = Path(__file__).parent


def main() -> None:
    (FOLDER / "portfolio.html").write_text(html.render(portfolio()), encoding="utf-8", newline="\n")
    (FOLDER / "portfolio.json").write_bytes(model.encode(portfolio()))
    for file, made in ((schema.FILE, schema.schema()), (schema.COHORT_FILE, schema.cohort_schema())):
        published = Path(str(resources.files("portfolio_audit.report").joinpath(file)))
        published.write_text(schema.text(made), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
