"""Collecting money through the API."""



from tests.relay.conftest import Hospital


async def test_initiate_prompts_the_phone_once_and_answers_pending(hospital: Hospital):
    answer = await hospital.initiate(1, phone_number="0722 000 001")
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["status"] == "pending"
    assert said["transaction_id"]
    assert said["terminal"] == "T01A"
    (order,) = hospital.gateway.orders
    assert order.phone == "254722000001"
    assert order.callback_url.startswith("https://pay.hospital.example/cb/")
    assert (await hospital.transaction(said["transaction_id"]))["evidence"][0]["kind"] == "accepted"
