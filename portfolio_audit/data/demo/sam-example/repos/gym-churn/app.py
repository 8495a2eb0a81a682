import joblib
import pandas as pd
import streamlit as st

model = joblib.load("model.joblib")

st.title("Will this member leave?")
months = st.slider("Months as a member", 0, 72, 12)
recent = st.slider("Visits in the last 30 days", 0, 30, 4)
before = st.number_input("Visits before", 0, 2000, 60)
price = st.number_input("Monthly price", 0.0, 120.0, 49.0)
contract = st.selectbox("Contract", ["month", "year", "two years"])
course = st.selectbox("Course", ["none", "beginners", "advanced", "children"])
paid = st.radio("Paid by", ["card", "transfer"])

if st.button("Predict"):
    row = pd.DataFrame(
        [
            {
                "months_member": months,
                "visits_last_30_days": recent,
                "visits_before": before,
                "monthly_price": price,
                "contract_length": contract,
                "course": course,
                "paid_by": paid,
            }
        ]
    )
    chance = model.predict_proba(row)[0][1]
    st.metric("Chance of leaving", f"{chance:.0%}")
