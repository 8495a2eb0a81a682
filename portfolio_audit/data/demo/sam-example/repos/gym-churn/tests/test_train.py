import pandas as pd

from train import CATEGORIES, NUMBERS, build, load


def test_visits_are_counted_by_month(tmp_path):
    pd.DataFrame(
        {"member": [1], "joined": ["2025-01-01"], "left": [None], "monthly_price": [49]}
    ).to_csv(tmp_path / "members.csv", index=False)
    pd.DataFrame({"member": [1, 1, 1], "day": ["2026-01-01", "2026-05-20", "2026-05-30"]}).to_csv(
        tmp_path / "visits.csv", index=False
    )
    people = load(tmp_path / "members.csv", tmp_path / "visits.csv")
    assert people["visits_last_30_days"].tolist() == [2]
    assert people["visits_before"].tolist() == [1]


def test_the_model_knows_all_columns():
    columns = build().named_steps["columns"]
    assert [names for _, _, names in columns.transformers] == [NUMBERS, CATEGORIES]
