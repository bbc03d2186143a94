"""The thin slice: a guest searches and finds, through HTTP."""

from flask.testing import FlaskClient

from libhub.testing import LiveServer, run_libhub


def test_guest_finds_a_resource_of_the_starter_content(client: FlaskClient) -> None:
    answer = client.get("/search.json", query_string={"q": "сказки для малышей"})
    assert answer.json is not None
    assert answer.json["results"][0]["title"] == "Сказки для малышей"


def test_health_is_told_as_json(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok", "version": "0.1.0"}


def test_doctor_is_content_while_the_hub_runs(two_workers: LiveServer) -> None:
    done = run_libhub(two_workers.instance, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
