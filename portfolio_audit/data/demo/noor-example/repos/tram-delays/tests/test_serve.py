from fastapi.testclient import TestClient

from tram_delays import serve

SITUATION = {"late_now": 60, "line_mean": 50, "ahead_mean": 40, "hour_sin": 0.1, "hour_cos": 0.9, "weekend": 0}


class Always90:
    def predict(self, rows):
        return [90.0] * len(rows)


def test_a_prediction_is_rounded(monkeypatch):
    monkeypatch.setattr(serve, "model", Always90)
    answer = TestClient(serve.app).post("/predict", json=SITUATION)
    assert answer.json() == {"seconds_late": 90.0}


def test_an_impossible_delay_is_refused():
    answer = TestClient(serve.app).post("/predict", json={**SITUATION, "late_now": 99999})
    assert answer.status_code == 422
