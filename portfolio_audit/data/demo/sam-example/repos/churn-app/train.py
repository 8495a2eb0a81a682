import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMERIC = ["tenure", "MonthlyCharges", "TotalCharges"]
CATEGORIES = ["Contract", "PaymentMethod", "InternetService", "PaperlessBilling", "OnlineSecurity", "TechSupport"]


def load(path="data/WA_Fn-UseC_-Telco-Customer-Churn.csv"):
    frame = pd.read_csv(path)
    frame["TotalCharges"] = pd.to_numeric(frame["TotalCharges"], errors="coerce")
    return frame.dropna(subset=["TotalCharges"])


def build():
    columns = ColumnTransformer(
        [("numbers", StandardScaler(), NUMERIC), ("categories", OneHotEncoder(handle_unknown="ignore"), CATEGORIES)]
    )
    return Pipeline([("columns", columns), ("model", RandomForestClassifier(n_estimators=300, random_state=1))])


if __name__ == "__main__":
    frame = load()
    train, test = train_test_split(frame, test_size=0.2, stratify=frame["Churn"], random_state=1)
    model = build().fit(train, train["Churn"])
    print(classification_report(test["Churn"], model.predict(test)))
    joblib.dump(model, "model.joblib")
