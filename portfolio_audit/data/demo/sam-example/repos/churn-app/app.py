import joblib
import pandas as pd
import streamlit as st

model = joblib.load("model.joblib")

st.title("Will this customer leave?")
tenure = st.slider("Months with us", 0, 72, 12)
monthly = st.number_input("Monthly charges", 0.0, 200.0, 70.0)
contract = st.selectbox("Contract", ["Month-to-month", "One year", "Two year"])
payment = st.selectbox("Payment", ["Electronic check", "Mailed check", "Bank transfer (automatic)"])
internet = st.selectbox("Internet", ["DSL", "Fiber optic", "No"])
paperless = st.radio("Paperless billing", ["Yes", "No"])
security = st.radio("Online security", ["Yes", "No"])
support = st.radio("Tech support", ["Yes", "No"])

if st.button("Predict"):
    row = pd.DataFrame(
        [
            {
                "tenure": tenure,
                "MonthlyCharges": monthly,
                "TotalCharges": tenure * monthly,
                "Contract": contract,
                "PaymentMethod": payment,
                "InternetService": internet,
                "PaperlessBilling": paperless,
                "OnlineSecurity": security,
                "TechSupport": support,
            }
        ]
    )
    chance = model.predict_proba(row)[0][1]
    st.metric("Chance of leaving", f"{chance:.0%}")
