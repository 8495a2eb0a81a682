import csv
import datetime
import smtplib
import sys
from email.message import EmailMessage

import requests
from bs4 import BeautifulSoup


def price(url):
    page = requests.get(url, timeout=10)
    soup = BeautifulSoup(page.text, "html.parser")
    tag = soup.select_one("[itemprop=price]") or soup.select_one(".price")
    return float(tag["content"] if tag.has_attr("content") else tag.text.strip("€ ").replace(",", "."))


def remember(name, value, path="prices.csv"):
    with open(path, "a", newline="") as file:
        csv.writer(file).writerow([datetime.date.today(), name, value])


def warn(name, value):
    message = EmailMessage()
    message["Subject"] = f"{name} costs {value}"
    message["To"] = message["From"] = "me@localhost"
    with smtplib.SMTP("localhost") as server:
        server.send_message(message)


if __name__ == "__main__":
    for line in open(sys.argv[1]):
        name, url, limit = line.strip().split(";")
        value = price(url)
        remember(name, value)
        if value < float(limit):
            warn(name, value)
