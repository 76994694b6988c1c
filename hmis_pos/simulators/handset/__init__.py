"""The patient's phone: what it holds (`phone.py`), and a web page where a person answers it (`page.py`)."""
