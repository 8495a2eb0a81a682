import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["months_member", "visits_last_30_days", "visits_before", "monthly_price"]
CATEGORIES = ["contract_length", "course", "paid_by"]


def load(members="data/members.csv", visits="data/visits.csv"):
    people = pd.read_csv(members, parse_dates=["joined", "left"])
    seen = pd.read_csv(visits, parse_dates=["day"])
    last = seen["day"].max()
    recent = seen[seen["day"] > last - pd.Timedelta(days=30)].groupby("member").size()
    before = seen[seen["day"] <= last - pd.Timedelta(days=30)].groupby("member").size()
    people["visits_last_30_days"] = people["member"].map(recent).fillna(0)
    people["visits_before"] = people["member"].map(before).fillna(0)
    people["months_member"] = (last - people["joined"]).dt.days / 30
    people["leaves"] = people["left"].notna()
    return people


def build():
    columns = ColumnTransformer(
        [("numbers", StandardScaler(), NUMBERS), ("categories", OneHotEncoder(handle_unknown="ignore"), CATEGORIES)]
    )
    return Pipeline([("columns", columns), ("model", RandomForestClassifier(n_estimators=300, random_state=1))])


if __name__ == "__main__":
    people = load()
    train, test = train_test_split(people, test_size=0.2, stratify=people["leaves"], random_state=1)
    model = build().fit(train, train["leaves"])
    print(classification_report(test["leaves"], model.predict(test)))
    joblib.dump(model, "model.joblib")
