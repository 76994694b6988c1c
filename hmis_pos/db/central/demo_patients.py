"""The demo hospital's patients and invoices; every name and number is invented. Amounts in cents."""

from __future__ import annotations

from dataclasses import dataclass

from hmis_pos.domain.payment import Method


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """A person who does not exist."""

    no: str
    name: str
    phone: str
    sex: str
    born: int


@dataclass(frozen=True, slots=True)
class DemoInvoice:
    """``lines``: description, quantity, unit price. ``waiting``: minutes since it was queued."""

    number: str
    patient: DemoPatient
    waiting: float
    lines: tuple[tuple[str, int, int], ...]
    insurance: int = 0
    insurer: str = ""
    waiver: int = 0
    waiver_note: str = ""


@dataclass(frozen=True, slots=True)
class EarlierPayment:
    """Money that came before today; with ``receipt_no`` by M-Pesa, else cash."""

    invoice: str
    method: Method
    amount: int
    days_ago: int
    receipt_no: str = ""


@dataclass(frozen=True, slots=True)
class WaitingMoney:
    """Money at the Paybill or till that matches nothing by itself. ``minutes``: how long ago it came."""

    receipt_no: str
    amount: int
    minutes: int
    account: str = ""
    payer_name: str = ""
    payer_phone: str = ""
    kind: str = "Pay Bill"


GRACE = DemoPatient("OP-118204", "Wanjiku, Grace N.", "254712345418", "F", 1992)

_CONSULTATION = ("Consultation, outpatient", 1, 500_00)
_DAY = 24 * 60

#: The morning of the pictures first, then the rest of the queue.
_PICTURED = (
    DemoInvoice(
        "INV-20931",
        GRACE,
        18,
        (
            _CONSULTATION,
            ("Laboratory service", 3, 950_00),
            ("Imaging service", 1, 3_200_00),
            ("Pharmacy", 1, 1_300_00),
        ),
        insurance=2_500_00,
        insurer="SHA",
        waiver=500_00,
        waiver_note="approved by M. Were",
    ),
    DemoInvoice(
        "INV-20934",
        DemoPatient("OP-118199", "Otieno, Brian", "254722418903", "M", 1987),
        14,
        (("Imaging service", 1, 1_200_00),),
    ),
    DemoInvoice(
        "INV-20902",
        DemoPatient("IP-004127", "Hassan, Amina Y.", "254733650214", "F", 1979),
        13,
        (("Bed, general ward", 4, 2_600_00), ("Theatre, minor", 1, 6_500_00), ("Pharmacy", 1, 1_500_00)),
    ),
    DemoInvoice(
        "INV-20940",
        DemoPatient("OP-118230", "Kiprono, Daniel", "254711902337", "M", 1998),
        12,
        (_CONSULTATION, ("Dressing", 1, 150_00)),
    ),
    DemoInvoice(
        "INV-20929",
        DemoPatient("OP-118187", "Muthoni, Faith W.", "254701556128", "F", 1990),
        11,
        (_CONSULTATION, ("Imaging service", 1, 2_800_00)),
    ),
    DemoInvoice(
        "INV-20943",
        DemoPatient("OP-118233", "Barasa, Peter", "254720117845", "M", 1965),
        9,
        (_CONSULTATION, ("Laboratory service", 1, 950_00), ("Pharmacy", 1, 625_50)),
    ),
    DemoInvoice(
        "INV-20946",
        DemoPatient("OP-118240", "Njeri, Lucy", "254745208816", "F", 2003),
        6,
        (_CONSULTATION,),
    ),
    DemoInvoice(
        "INV-20947",
        DemoPatient("MAT-00931", "Chebet, Ruth", "254758330492", "F", 1995),
        5,
        (("Maternity package", 1, 10_000_00), ("Pharmacy", 1, 400_00)),
        insurance=2_500_00,
        insurer="SHA",
    ),
)

#: Patient no, name, sex, born, then lines.
_OTHERS = (
    ("OP-118242", "Wafula, Moses", "M", 1971, (_CONSULTATION, ("Pharmacy", 1, 780_00))),
    ("OP-118243", "Achieng, Mercy", "F", 2001, (_CONSULTATION, ("Laboratory service", 2, 950_00))),
    ("OP-118245", "Kamau, Joseph M.", "M", 1958, (("Physiotherapy", 2, 1_100_00),)),
    ("OP-118246", "Nyambura, Esther", "F", 1984, (("Dental, extraction", 1, 1_800_00),)),
    ("IP-004133", "Abdi, Fatuma", "F", 1968, (("Bed, general ward", 2, 2_600_00), ("Pharmacy", 1, 2_345_00))),
    ("OP-118249", "Mwangi, Samuel", "M", 1993, (_CONSULTATION,)),
    ("OP-118250", "Adhiambo, Rose", "F", 1976, (_CONSULTATION, ("Pharmacy", 1, 1_120_75))),
    ("OP-118252", "Kiptoo, Elijah", "M", 1989, (("Imaging service", 1, 3_200_00),)),
    ("OP-118253", "Wambui, Jane", "F", 1999, (_CONSULTATION, ("Laboratory service", 1, 950_00))),
    ("OP-118255", "Omondi, Kevin", "M", 2010, (("Consultation, child", 1, 300_00), ("Pharmacy", 1, 455_00))),
    ("OP-118256", "Mutiso, Agnes", "F", 1962, (("Eye clinic", 1, 900_00), ("Spectacles", 1, 4_500_00))),
    ("MAT-00934", "Auma, Lilian", "F", 1997, (("Antenatal clinic", 1, 600_00),)),
    ("OP-118258", "Hussein, Yusuf", "M", 1981, (_CONSULTATION, ("Laboratory service", 4, 950_00))),
    ("OP-118260", "Chepkoech, Naomi", "F", 2005, (_CONSULTATION, ("Dressing", 1, 150_00))),
    ("OP-118261", "Ndungu, Patrick", "M", 1949, (("Renal clinic", 1, 1_500_00),)),
    ("IP-004136", "Moraa, Dorcas", "F", 1986, (("Bed, general ward", 3, 2_600_00), ("Theatre, minor", 1, 6_500_00))),
    ("OP-118263", "Karanja, Stephen", "M", 1978, (_CONSULTATION, ("Pharmacy", 2, 340_00))),
    ("OP-118264", "Atieno, Millicent", "F", 1991, (("Imaging service", 1, 2_800_00),)),
    ("OP-118266", "Rotich, Gideon", "M", 1996, (("Laboratory service", 1, 950_00),)),
    ("OP-118267", "Wairimu, Catherine", "F", 1973, (_CONSULTATION, ("Pharmacy", 1, 2_210_00))),
    ("OP-118269", "Ali, Khadija", "F", 2015, (("Consultation, child", 1, 300_00),)),
    ("OP-118270", "Musyoka, Benard", "M", 1967, (("Physiotherapy", 1, 1_100_00), ("Pharmacy", 1, 95_50))),
)

_LATER = tuple(
    DemoInvoice(
        f"INV-{20948 + n}",
        DemoPatient(no, name, f"2547{10_400_318 + n * 2_631_977:08d}", sex, born),
        4.8 - n * 0.2,
        lines,
    )
    for n, (no, name, sex, born, lines) in enumerate(_OTHERS)
)

#: Grace was here on an earlier day, and paid by M-Pesa.
_BEFORE = (DemoInvoice("INV-20417", GRACE, 21 * _DAY, (("Laboratory service", 1, 1_200_00),)),)

QUEUE = (*_BEFORE, *_PICTURED, *_LATER)
EARLIER = (
    EarlierPayment("INV-20417", Method.MPESA, 1_200_00, 21, "RKT91XQ2LM"),
    EarlierPayment("INV-20902", Method.CASH, 6_000_00, 2),
)

#: A slip in the invoice number, a till without accounts, a business payer without a number, a patient number cut short.
WAITING = (
    WaitingMoney("RKT55B7QX1", 2_076_00, 7, "INV-20493", "PETER", "2547 ***** 845"),
    WaitingMoney("RKT55C2WD8", 500_00, 4, "", "LUCY", "2547 ***** 816", "Customer Merchant Payment"),
    WaitingMoney(
        "RKT4ZP03HN", 12_400_00, 26 * 60, "Staff bills", "MAJI BORA SUPPLIES LTD", "", "Organization Settlement"
    ),
    WaitingMoney("RKT55A9KM4", 650_00, 11, "OP 11823", "DANIEL", "2547 ***** 337"),
)
