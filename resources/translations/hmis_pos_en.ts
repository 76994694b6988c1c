<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>LinePill</name>
    <message numerus="yes">
        <source>%n unsent</source>
        <translation>
            <numerusform>%n unsent</numerusform>
            <numerusform>%n unsent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MpesaPage</name>
    <message numerus="yes">
        <source>%n other phone(s) asked, not decided yet</source>
        <translation>
            <numerusform>1 other phone is asked, not decided yet</numerusform>
            <numerusform>%n other phones are asked, not decided yet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RailItem</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReceiptStrip</name>
    <message numerus="yes">
        <source>Printed %n times</source>
        <translation>
            <numerusform>Printed once</numerusform>
            <numerusform>Printed %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Terminal</name>
    <message numerus="yes">
        <source>%n receipt(s) not sent yet</source>
        <extracomment>How long to wait for a first paint that may never come (a window that starts minimised).</extracomment>
        <translation>
            <numerusform>1 receipt is not sent yet</numerusform>
            <numerusform>%n receipts are not sent yet</numerusform>
        </translation>
    </message>
</context>
</TS>
