"""Every thread that tells of trouble with M-Pesa has its regression test in this folder, under its name."""

import re
from pathlib import Path

import pytest

THREADS = [
    # callbacks that never came
    *("safaricom/mpesa-php-sdk#17", "safaricom/mpesa-php-sdk#51", "safaricom/mpesa-php-sdk#62"),
    *("safaricom/LNMOnlineAndroidSample#16", "safaricom/mpesa-node-library#48", "safaricom/mpesa-api-C-Sharp#2"),
    *("osenco/osen-wc-mpesa#53", "osenco/osen-wc-mpesa#57", "odoo/odoo#259817", "juspay/hyperswitch#2380"),
    # the operator, the merchant, the till, the clock
    *("newtonmunene99/mpesa-api#12", "newtonmunene99/mpesa-api#8", "safaricom/mpesa-php-sdk#41"),
    *("safaricom/mpesa-node-library#13", "safaricom/mpesa-node-library#17", "safaricom/mpesa-node-library#47"),
    *("safaricom/LNMOnlineAndroidSample#8", "safaricom/LNMOnlineAndroidSample#50", "Iankumu/mpesa#12"),
    *("safaricom/mpesa-php-sdk#43", "safaricom/LNMOnlineAndroidSample#36", "bnjunge/MPESA-API-Tutorial#1"),
    *("osenco/osen-wc-mpesa#48", "osenco/osen-wc-mpesa#65"),
    # what is said and what is not
    *("safaricom/mpesa-php-sdk#5", "safaricom/LNMOnlineAndroidSample#13", "njenga-kariuki/daraja-mcp"),
    # paid twice
    *("navariltd/frappe-mpsa-payments#53", "navariltd/frappe-mpsa-payments#59"),
    *("navariltd/frappe-mpsa-payments#83", "navariltd/frappe-mpsa-payments#84"),
    *("frappe/press#2715", "frappe/press#2730", "hmislk/hmis#5506", "hmislk/hmis#5508", "odoo/odoo#219054"),
    *("ucraft-com/POS-Awesome#257", "ucraft-com/POS-Awesome#281", "stripe/stripe-terminal-android#470"),
]


@pytest.fixture(scope="module")
def tests():
    return "\n".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py") if file != Path(__file__))


@pytest.mark.parametrize("thread", THREADS)
def test_this_thread_has_its_test(tests, thread):
    in_a_name = re.sub(r"\W+", "_", thread).lower()
    assert re.search(rf'"{re.escape(thread)}["-]|def test_{in_a_name}_', tests)
