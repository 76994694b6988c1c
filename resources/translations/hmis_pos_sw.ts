<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="sw" sourcelanguage="en">
<context>
    <name>Board</name>
    <message>
        <source>The program made a mistake</source>
        <translation>Programu imefanya kosa</translation>
    </message>
    <message>
        <source>It is written to the log. What you see may be old; if it stays, start the till again.</source>
        <translation>Limeandikwa kwenye kumbukumbu. Unachoona huenda ni cha zamani; likiendelea, anzisha mashine upya.</translation>
    </message>
</context>
<context>
    <name>CashPage</name>
    <message>
        <source>Cash</source>
        <translation>Taslimu</translation>
    </message>
</context>
<context>
    <name>CashPresenter</name>
    <message>
        <source>Take cash</source>
        <translation>Pokea taslimu</translation>
    </message>
    <message>
        <source>Cents have no coin.</source>
        <translation>Senti hazina sarafu.</translation>
    </message>
    <message>
        <source>Whole amount</source>
        <translation>Kiasi chote</translation>
    </message>
    <message>
        <source>Part payment</source>
        <translation>Sehemu</translation>
    </message>
    <message>
        <source>No split</source>
        <translation>Usigawanye</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Gawanya</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>Kamili</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Inahifadhi</translation>
    </message>
    <message>
        <source>Serve next patient</source>
        <translation>Hudumia anayefuata</translation>
    </message>
    <message>
        <source>Take {amount}, then {rest} by M-Pesa</source>
        <translation>Pokea {amount}, kisha {rest} M-Pesa</translation>
    </message>
    <message>
        <source>Take {amount} and print</source>
        <translation>Pokea {amount} na uchapishe</translation>
    </message>
    <message>
        <source>Take {amount}</source>
        <translation>Pokea {amount}</translation>
    </message>
    <message>
        <source>{missing} is missing. Ask for it, or make it a part payment.</source>
        <translation>Bado {missing}. Iombe, au ifanye malipo ya sehemu.</translation>
    </message>
    <message>
        <source>Only {owed} is owed.</source>
        <translation>Deni ni {owed} tu.</translation>
    </message>
    <message>
        <source>Another counter has this patient</source>
        <translation>Kaunta nyingine ina mgonjwa huyu</translation>
    </message>
    <message>
        <source>Take over first if the patient stands before you.</source>
        <translation>Mchukue kwanza ikiwa mgonjwa yuko mbele yako.</translation>
    </message>
    <message>
        <source>A phone was asked to pay this invoice</source>
        <translation>Simu imeombwa kulipa ankara hii</translation>
    </message>
    <message>
        <source>If you take cash, tell the patient not to enter the PIN. Paid twice becomes a deposit.</source>
        <translation>Ukipokea taslimu, mwambie mgonjwa asiweke PIN. Ikilipwa mara mbili inakuwa amana.</translation>
    </message>
    <message>
        <source>The hospital withdrew this invoice</source>
        <translation>Hospitali imeondoa ankara hii</translation>
    </message>
    <message>
        <source>Take no money for it.</source>
        <translation>Usipokee pesa kwa ajili yake.</translation>
    </message>
    <message>
        <source>This invoice is paid</source>
        <translation>Ankara hii imelipwa</translation>
    </message>
    <message>
        <source>Take no more money for it.</source>
        <translation>Usipokee pesa zaidi kwa ajili yake.</translation>
    </message>
</context>
<context>
    <name>CodePage</name>
    <message>
        <source>The patient has a code</source>
        <translation>Mgonjwa ana kodi ya M-Pesa</translation>
    </message>
    <message>
        <source>Type or scan the code of the M-Pesa message. It counts once Safaricom confirms it.</source>
        <translation>Andika au skani kodi ya ujumbe wa M-Pesa. Inahesabiwa Safaricom ikishathibitisha.</translation>
    </message>
    <message>
        <source>M-Pesa code</source>
        <translation>Kodi ya M-Pesa</translation>
    </message>
    <message>
        <source>Back to asking the phone</source>
        <translation>Rudi kuomba kwa simu</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Kodi</translation>
    </message>
</context>
<context>
    <name>CodesPresenter</name>
    <message>
        <source>Type another code</source>
        <extracomment>Seconds between looks at checks that wait; news normally comes by the feed. nobody asked for it it does not count, or nothing was found as it is read so far grouped, as it is read aloud our request is under way, or went without an answer told by the feed before the answer to our request came</extracomment>
        <translation>Andika kodi nyingine</translation>
    </message>
    <message>
        <source>Serve next patient</source>
        <translation>Hudumia anayefuata</translation>
    </message>
    <message>
        <source>Check the code</source>
        <translation>Angalia kodi</translation>
    </message>
    <message>
        <source>A code needs the relay, and the relay is away</source>
        <translation>Kodi inahitaji relay, na relay haipatikani</translation>
    </message>
    <message>
        <source>Keep the patient&apos;s message; check it once the connection is back.</source>
        <translation>Tunza ujumbe wa mgonjwa; uangalie mtandao ukirudi.</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Do anything</source>
        <translation>Fanya chochote</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Unataka kufanya nini?</translation>
    </message>
</context>
<context>
    <name>CounterPresenter</name>
    <message>
        <source>Serve another patient, or take over if the patient stands before you.</source>
        <translation>Hudumia mgonjwa mwingine, au mchukue ikiwa yuko mbele yako.</translation>
    </message>
    <message>
        <source>Another counter has this patient</source>
        <extracomment>The relay&apos;s lease lasts 90 s; three tries fit into it. no patient is chosen it is not kept here and the relay cannot give it another counter has it; nothing is taken before ``take_over`` the relay is away: nobody can tell who else serves it M-Pesa money came for it without a prompt of ours the receipt of such money, where a person has to issue it and more is owed about the claim, or why there is nothing to see False: only what this till knows, the relay is away ``0.00``; empty where it is not known the payments of the chosen patient, as the relay lists them (a list of ``Transaction``) it could not be read when it was chosen</extracomment>
        <translation>Kaunta nyingine ina mgonjwa huyu</translation>
    </message>
    <message>
        <source>Issue the receipt of {amount}</source>
        <translation>Toa risiti ya {amount}</translation>
    </message>
    <message>
        <source>At {counter}, served by {cashier}</source>
        <translation>Yuko {counter}, anahudumiwa na {cashier}</translation>
    </message>
    <message>
        <source>The relay is away: other counters may serve this patient too</source>
        <translation>Relay haipatikani: kaunta nyingine pia zinaweza kumhudumia</translation>
    </message>
    <message>
        <source>Cash goes on. Should it be paid twice, the second payment becomes the patient&apos;s deposit.</source>
        <translation>Taslimu inaendelea. Ikilipwa mara mbili, malipo ya pili yanakuwa amana ya mgonjwa.</translation>
    </message>
</context>
<context>
    <name>CounterScreen</name>
    <message>
        <source>Choose the patient above</source>
        <translation>Chagua mgonjwa wa juu</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>chagua</translation>
    </message>
    <message>
        <source>Choose the patient below</source>
        <translation>Chagua mgonjwa wa chini</translation>
    </message>
    <message>
        <source>Go up a page in the queue</source>
        <translation>Panda ukurasa kwenye foleni</translation>
    </message>
    <message>
        <source>Go down a page in the queue</source>
        <translation>Shuka ukurasa kwenye foleni</translation>
    </message>
    <message>
        <source>Take cash</source>
        <translation>Pokea taslimu</translation>
    </message>
    <message>
        <source>cash</source>
        <translation>taslimu</translation>
    </message>
    <message>
        <source>Ask for M-Pesa</source>
        <translation>Omba M-Pesa</translation>
    </message>
    <message>
        <source>M-Pesa</source>
        <translation>M-Pesa</translation>
    </message>
    <message>
        <source>Split: a part in cash, the rest by M-Pesa</source>
        <translation>Gawanya: sehemu taslimu, zilizobaki M-Pesa</translation>
    </message>
    <message>
        <source>split</source>
        <translation>gawanya</translation>
    </message>
    <message>
        <source>Take a part payment</source>
        <translation>Pokea malipo ya sehemu</translation>
    </message>
    <message>
        <source>Do what the big button says</source>
        <translation>Fanya kinachosemwa na kitufe kikubwa</translation>
    </message>
    <message>
        <source>Search for a patient</source>
        <translation>Tafuta mgonjwa</translation>
    </message>
    <message>
        <source>search</source>
        <translation>tafuta</translation>
    </message>
    <message>
        <source>One step back; takes nothing back</source>
        <translation>Rudi hatua moja; hakuna kinachofutwa</translation>
    </message>
    <message>
        <source>Serve the next patient</source>
        <translation>Hudumia mgonjwa anayefuata</translation>
    </message>
    <message>
        <source>Serve here a patient of another counter</source>
        <translation>Hudumia hapa mgonjwa wa kaunta nyingine</translation>
    </message>
    <message>
        <source>Issue the receipt of M-Pesa money that came by itself</source>
        <translation>Toa risiti ya pesa za M-Pesa zilizokuja zenyewe</translation>
    </message>
    <message>
        <source>Stop waiting for M-Pesa</source>
        <translation>Acha kusubiri M-Pesa</translation>
    </message>
    <message>
        <source>The patient has an M-Pesa code</source>
        <translation>Mgonjwa ana kodi ya M-Pesa</translation>
    </message>
    <message>
        <source>code</source>
        <translation>kodi</translation>
    </message>
    <message>
        <source>Ask how the M-Pesa payment stands</source>
        <translation>Uliza malipo ya M-Pesa yamefika wapi</translation>
    </message>
    <message>
        <source>Ask the phone again</source>
        <translation>Iombe simu tena</translation>
    </message>
    <message>
        <source>Change phone or amount</source>
        <translation>Badilisha simu au kiasi</translation>
    </message>
    <message>
        <source>The patient gives the exact amount</source>
        <translation>Mgonjwa anatoa kiasi kamili</translation>
    </message>
    <message>
        <source>Scroll the services up</source>
        <translation>Pandisha orodha ya huduma</translation>
    </message>
    <message>
        <source>Scroll the services down</source>
        <translation>Shusha orodha ya huduma</translation>
    </message>
    <message>
        <source>Scroll the payment panel up</source>
        <translation>Pandisha upande wa malipo</translation>
    </message>
    <message>
        <source>Scroll the payment panel down</source>
        <translation>Shusha upande wa malipo</translation>
    </message>
    <message>
        <source>Read this invoice again</source>
        <translation>Soma ankara hii upya</translation>
    </message>
    <message>
        <source>Round amount {n}</source>
        <translation>Kiasi cha mviringo {n}</translation>
    </message>
    <message>
        <source>Add a note of {amount}</source>
        <translation>Ongeza noti ya {amount}</translation>
    </message>
</context>
<context>
    <name>DateEdit</name>
    <message>
        <source>day/month</source>
        <translation>siku/mwezi</translation>
    </message>
    <message>
        <source>Write it as 22/11/2026</source>
        <translation>Andika kama 22/11/2026</translation>
    </message>
</context>
<context>
    <name>DecisionColumn</name>
    <message>
        <source>Note</source>
        <translation>Maelezo</translation>
    </message>
    <message>
        <source>Needed to say no; who asked reads it.</source>
        <translation>Lazima ukisema hapana; aliyeomba atasoma.</translation>
    </message>
</context>
<context>
    <name>DetailColumn</name>
    <message>
        <source>Choose a payment</source>
        <translation>Chagua malipo</translation>
    </message>
    <message>
        <source>Its evidence is shown here, piece by piece.</source>
        <translation>Ushahidi wake unaonyeshwa hapa, mmoja baada ya mwingine.</translation>
    </message>
    <message>
        <source>Show receipt</source>
        <translation>Onyesha risiti</translation>
    </message>
    <message>
        <source>Go to the patient</source>
        <translation>Nenda kwa mgonjwa</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Ushahidi</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Jaribu tena</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Patient, invoice, receipt or M-Pesa code</source>
        <translation>Mgonjwa, ankara, risiti au kodi ya M-Pesa</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Hali</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>Hali zote</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>Yaliyolipwa</translation>
    </message>
    <message>
        <source>Waiting or unknown</source>
        <translation>Yanasubiri au hayajulikani</translation>
    </message>
    <message>
        <source>Not paid</source>
        <translation>Hayajalipwa</translation>
    </message>
    <message>
        <source>How it came</source>
        <translation>Ilivyokuja</translation>
    </message>
    <message>
        <source>All methods</source>
        <translation>Njia zote</translation>
    </message>
    <message>
        <source>Cash</source>
        <translation>Taslimu</translation>
    </message>
    <message>
        <source>M-Pesa</source>
        <translation>M-Pesa</translation>
    </message>
    <message>
        <source>M-Pesa: phone asked</source>
        <translation>M-Pesa: simu iliombwa</translation>
    </message>
    <message>
        <source>M-Pesa: to the Paybill</source>
        <translation>M-Pesa: kwa Paybill</translation>
    </message>
    <message>
        <source>M-Pesa: by code</source>
        <translation>M-Pesa: kwa kodi</translation>
    </message>
    <message>
        <source>M-Pesa: was unmatched</source>
        <translation>M-Pesa: haikuwa na mwenyewe</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>Siku</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Leo</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Jana</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Siku 7 zilizopita</translation>
    </message>
    <message>
        <source>All days</source>
        <translation>Siku zote</translation>
    </message>
    <message>
        <source>From, to…</source>
        <translation>Kuanzia, hadi…</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>Siku ya kwanza</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Kuanzia</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Siku ya mwisho</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Hadi</translation>
    </message>
    <message>
        <source>Only mine</source>
        <translation>Yangu tu</translation>
    </message>
</context>
<context>
    <name>FootBar</name>
    <message>
        <source>Keys: {0}</source>
        <translation>Vitufe: {0}</translation>
    </message>
</context>
<context>
    <name>InvoiceColumn</name>
    <message>
        <source>Choose a patient</source>
        <translation>Chagua mgonjwa</translation>
    </message>
    <message>
        <source>Arrow keys choose in the queue, / searches, a scanner finds the invoice by itself.</source>
        <translation>Mishale huchagua kwenye foleni, / hutafuta, skana hupata ankara yenyewe.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Jaribu tena</translation>
    </message>
</context>
<context>
    <name>InvoiceLines</name>
    <message>
        <source>Service</source>
        <extracomment>Columns that hold counts and amounts.</extracomment>
        <translation>Huduma</translation>
    </message>
    <message>
        <source>Qty</source>
        <translation>Idadi</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Bei</translation>
    </message>
    <message>
        <source>KES</source>
        <translation>KES</translation>
    </message>
</context>
<context>
    <name>KeyCap</name>
    <message>
        <source>Page ↑</source>
        <translation>Page ↑</translation>
    </message>
    <message>
        <source>Page ↓</source>
        <translation>Page ↓</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Space</translation>
    </message>
</context>
<context>
    <name>KeyMap</name>
    <message>
        <source>Everywhere</source>
        <translation>Kila mahali</translation>
    </message>
</context>
<context>
    <name>KeyOverlay</name>
    <message>
        <source>All keys</source>
        <translation>Vitufe vyote</translation>
    </message>
    <message>
        <source>Find a key</source>
        <translation>Tafuta kitufe</translation>
    </message>
</context>
<context>
    <name>LinePill</name>
    <message>
        <source>Online · all sent</source>
        <translation>Mtandaoni · zote zimetumwa</translation>
    </message>
    <message numerus="yes">
        <source>%n unsent</source>
        <translation>
            <numerusform>%n haijatumwa</numerusform>
            <numerusform>%n hazijatumwa</numerusform>
        </translation>
    </message>
    <message>
        <source>Online · {0}</source>
        <translation>Mtandaoni · {0}</translation>
    </message>
    <message>
        <source>Offline · {0}</source>
        <translation>Nje ya mtandao · {0}</translation>
    </message>
    <message>
        <source>Offline · cash only</source>
        <translation>Nje ya mtandao · taslimu tu</translation>
    </message>
</context>
<context>
    <name>ListColumn</name>
    <message>
        <source>Payments</source>
        <extracomment>Columns that are hidden in less room than this.</extracomment>
        <translation>Malipo</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Jaribu tena</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Onyesha yote</translation>
    </message>
    <message>
        <source>Unmatched money</source>
        <translation>Pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>Account, payer or M-Pesa code</source>
        <translation>Akaunti, mlipaji au nambari ya M-Pesa</translation>
    </message>
    <message>
        <source>Which money</source>
        <translation>Pesa zipi</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Inasubiri</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Zangu</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Zote</translation>
    </message>
    <message>
        <source>Show all that waits</source>
        <translation>Onyesha zote zinazosubiri</translation>
    </message>
    <message>
        <source>Statements</source>
        <translation>Taarifa</translation>
    </message>
    <message>
        <source>Imported statements</source>
        <translation>Taarifa zilizoingizwa</translation>
    </message>
    <message>
        <source>or drop the file of the M-Pesa portal here (CSV, XLS, XLSX)</source>
        <translation>au dondosha hapa faili ya tovuti ya M-Pesa (CSV, XLS, XLSX)</translation>
    </message>
    <message>
        <source>Refunds</source>
        <translation>Marejesho</translation>
    </message>
    <message>
        <source>Which refunds</source>
        <translation>Marejesho yapi</translation>
    </message>
    <message>
        <source>To decide</source>
        <translation>Ya kuamua</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>Njiani</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Try again</source>
        <translation>Jaribu tena</translation>
    </message>
</context>
<context>
    <name>Mark</name>
    <message>
        <source>Paid</source>
        <translation>Imelipwa</translation>
    </message>
    <message>
        <source>Part paid</source>
        <translation>Sehemu imelipwa</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Inasubiri</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Haijulikani</translation>
    </message>
    <message>
        <source>Not paid</source>
        <translation>Haijalipwa</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Imeghairiwa</translation>
    </message>
</context>
<context>
    <name>MoneyColumn</name>
    <message>
        <source>Choose a payment at the left</source>
        <translation>Chagua malipo upande wa kushoto</translation>
    </message>
    <message>
        <source>What is known of it stands here, and beside it whose it may be.</source>
        <translation>Yanayojulikana yako hapa, na kando yake ni ya nani huenda.</translation>
    </message>
    <message>
        <source>Where it went</source>
        <translation>Zilikoenda</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Jaribu tena</translation>
    </message>
    <message>
        <source>{amount} still waits</source>
        <translation>{amount} bado inasubiri</translation>
    </message>
    <message>
        <source>Move back</source>
        <translation>Rudisha</translation>
    </message>
    <message>
        <source>Move back {what}</source>
        <translation>Rudisha {what}</translation>
    </message>
</context>
<context>
    <name>MoneyMistake</name>
    <message>
        <source>Only digits and a dot for the cents.</source>
        <extracomment>Numeric(10,2) in the central database ends below a hundred million shillings.</extracomment>
        <translation>Tarakimu na nukta ya senti tu.</translation>
    </message>
    <message>
        <source>Use a dot for the cents, for example 4.50.</source>
        <translation>Tumia nukta kwa senti, kwa mfano 4.50.</translation>
    </message>
    <message>
        <source>One dot only, before the cents.</source>
        <translation>Nukta moja tu, kabla ya senti.</translation>
    </message>
    <message>
        <source>At most two digits for the cents.</source>
        <translation>Senti ni tarakimu mbili tu.</translation>
    </message>
    <message>
        <source>That is more than 99,999,999.99.</source>
        <translation>Hiyo ni zaidi ya 99,999,999.99.</translation>
    </message>
</context>
<context>
    <name>MpesaDeskPresenter</name>
    <message>
        <source>Reading how it stands</source>
        <extracomment>Seconds after asking for the balance at which its answer is looked for. Seconds after which the state is read anew while the room is shown. beats since the balance was asked for; 0: nothing is awaited</extracomment>
        <translation>Inasoma hali</translation>
    </message>
    <message>
        <source>The hospital&apos;s M-Pesa</source>
        <translation>M-Pesa ya hospitali</translation>
    </message>
    <message>
        <source>Till {number}</source>
        <translation>Till {number}</translation>
    </message>
    <message>
        <source>Paybill {number}</source>
        <translation>Paybill {number}</translation>
    </message>
    <message>
        <source>Ask Safaricom now</source>
        <translation>Uliza Safaricom sasa</translation>
    </message>
    <message>
        <source>Read the list now</source>
        <translation>Soma orodha sasa</translation>
    </message>
    <message>
        <source>It is mended: send them again</source>
        <translation>Imerekebishwa: yatume tena</translation>
    </message>
    <message>
        <source>as of {time}</source>
        <translation>kufikia {time}</translation>
    </message>
    <message>
        <source>Asked. Safaricom answers within a minute or two; it is shown here by itself.</source>
        <translation>Imeulizwa. Safaricom hujibu ndani ya dakika moja au mbili; itaonekana hapa yenyewe.</translation>
    </message>
    <message>
        <source>Never asked yet.</source>
        <translation>Haijawahi kuulizwa.</translation>
    </message>
    <message>
        <source>This relay cannot ask for balances: MPESA_INITIATOR is not set up.</source>
        <translation>Relay hii haiwezi kuuliza salio: MPESA_INITIATOR haijawekwa.</translation>
    </message>
    <message>
        <source>The list of payments is not read</source>
        <translation>Orodha ya malipo haisomwi</translation>
    </message>
    <message>
        <source>Set MPESA_PULL on the relay: then payments whose notice was lost are found by themselves.</source>
        <translation>Weka MPESA_PULL kwenye relay: hapo malipo ambayo taarifa yake ilipotea yatapatikana yenyewe.</translation>
    </message>
    <message>
        <source>Reading Safaricom&apos;s list</source>
        <translation>Inasoma orodha ya Safaricom</translation>
    </message>
    <message>
        <source>The list was never read whole</source>
        <translation>Orodha haijawahi kusomwa yote</translation>
    </message>
    <message>
        <source>List of payments read {ago} ago</source>
        <translation>Orodha ya malipo ilisomwa {ago} zilizopita</translation>
    </message>
    <message>
        <source>That is too long: payments may be missing. Read it now; if it fails again, import a statement and call IT.</source>
        <translation>Ni muda mrefu mno: huenda malipo yanakosekana. Isome sasa; ikishindwa tena, ingiza taarifa na uite IT.</translation>
    </message>
    <message>
        <source>{trouble}. It is tried again by itself.</source>
        <translation>{trouble}. Itajaribiwa tena yenyewe.</translation>
    </message>
    <message>
        <source>Payments whose notice was lost are found in it.</source>
        <translation>Malipo ambayo taarifa yake ilipotea hupatikana humo.</translation>
    </message>
    <message>
        <source>{why}. They wait and are not lost. Have the operator&apos;s credential mended at Safaricom and on the relay, then send them again.</source>
        <translation>{why}. Yanasubiri na hayajapotea. Hakikisha kitambulisho cha opereta kinarekebishwa Safaricom na kwenye relay, kisha yatume tena.</translation>
    </message>
    <message>
        <source>Refunds to phones are stopped</source>
        <translation>Marejesho kwa simu yamesimamishwa</translation>
    </message>
</context>
<context>
    <name>MpesaPage</name>
    <message>
        <source>M-Pesa</source>
        <translation>M-Pesa</translation>
    </message>
    <message numerus="yes">
        <source>%n other phone(s) asked, not decided yet</source>
        <translation>
            <numerusform>Simu %n nyingine imeombwa, bado haijaamua</numerusform>
            <numerusform>Simu %n nyingine zimeombwa, bado hazijaamua</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PatientWindow</name>
    <message>
        <source>HMIS POS, the patient&apos;s screen</source>
        <translation>HMIS POS, skrini ya mgonjwa</translation>
    </message>
    <message>
        <source>The patient&apos;s screen</source>
        <translation>Skrini ya mgonjwa</translation>
    </message>
    <message>
        <source>QR code to pay with M-Pesa</source>
        <translation>QR ya kulipa kwa M-Pesa</translation>
    </message>
</context>
<context>
    <name>PayCard</name>
    <message>
        <source>The patient pays from their own phone</source>
        <translation>Mgonjwa analipa kwa simu yake mwenyewe</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Akaunti</translation>
    </message>
    <message>
        <source>QR code to pay with M-Pesa</source>
        <translation>QR ya kulipa kwa M-Pesa</translation>
    </message>
    <message>
        <source>Till number</source>
        <translation>Namba ya Till</translation>
    </message>
    <message>
        <source>Or: Paybill</source>
        <translation>Au: Paybill</translation>
    </message>
</context>
<context>
    <name>PaymentPanel</name>
    <message>
        <source>Method</source>
        <translation>Njia</translation>
    </message>
    <message>
        <source>Cash</source>
        <translation>Taslimu</translation>
    </message>
    <message>
        <source>M-Pesa</source>
        <translation>M-Pesa</translation>
    </message>
    <message>
        <source>No patient yet</source>
        <translation>Bado hakuna mgonjwa</translation>
    </message>
    <message>
        <source>What to ask for appears here once a patient is chosen.</source>
        <translation>Cha kuomba kitaonekana hapa mgonjwa akichaguliwa.</translation>
    </message>
</context>
<context>
    <name>PaymentsPresenter</name>
    <message>
        <source>Reading the payments</source>
        <extracomment>Receipts of this till looked through for unsent ones; with more unsent than this the top bar tells how many.</extracomment>
        <translation>Inasoma malipo</translation>
    </message>
    <message>
        <source>Only the receipts of this till are shown</source>
        <translation>Risiti za mashine hii tu ndizo zinaonyeshwa</translation>
    </message>
    <message>
        <source>The relay is away; the others come with the connection.</source>
        <translation>Relay haipatikani; zingine zitakuja mtandao ukirudi.</translation>
    </message>
    <message>
        <source>No payment fits</source>
        <translation>Hakuna malipo yanayolingana</translation>
    </message>
    <message>
        <source>Take something out of the filter, or choose more days.</source>
        <translation>Ondoa kitu kwenye kichujio, au chagua siku zaidi.</translation>
    </message>
    <message>
        <source>No payments in this time</source>
        <translation>Hakuna malipo kipindi hiki</translation>
    </message>
    <message>
        <source>Choose more days to see older ones.</source>
        <translation>Chagua siku zaidi kuona ya zamani.</translation>
    </message>
</context>
<context>
    <name>PaymentsScreen</name>
    <message>
        <source>Choose the payment above</source>
        <translation>Chagua malipo ya juu</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>chagua</translation>
    </message>
    <message>
        <source>Choose the payment below</source>
        <translation>Chagua malipo ya chini</translation>
    </message>
    <message>
        <source>Go up a page of payments</source>
        <translation>Panda ukurasa wa malipo</translation>
    </message>
    <message>
        <source>Go down a page of payments</source>
        <translation>Shuka ukurasa wa malipo</translation>
    </message>
    <message>
        <source>Search the payments</source>
        <translation>Tafuta kwenye malipo</translation>
    </message>
    <message>
        <source>search</source>
        <translation>tafuta</translation>
    </message>
    <message>
        <source>Show the receipt of this payment</source>
        <translation>Onyesha risiti ya malipo haya</translation>
    </message>
    <message>
        <source>receipt</source>
        <translation>risiti</translation>
    </message>
    <message>
        <source>Print the receipt of this payment again</source>
        <translation>Chapisha tena risiti ya malipo haya</translation>
    </message>
    <message>
        <source>reprint</source>
        <translation>chapisha tena</translation>
    </message>
    <message>
        <source>Issue the receipt of this payment</source>
        <translation>Toa risiti ya malipo haya</translation>
    </message>
    <message>
        <source>Go to the patient of this payment</source>
        <translation>Nenda kwa mgonjwa wa malipo haya</translation>
    </message>
    <message>
        <source>patient</source>
        <translation>mgonjwa</translation>
    </message>
    <message>
        <source>Give money of this payment back</source>
        <translation>Rejesha pesa za malipo haya</translation>
    </message>
    <message>
        <source>refund</source>
        <translation>rejesha</translation>
    </message>
    <message>
        <source>Give it back to another phone</source>
        <translation>Rejesha kwa simu nyingine</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>Hali zote</translation>
    </message>
    <message>
        <source>Only paid ones</source>
        <translation>Yaliyolipwa tu</translation>
    </message>
    <message>
        <source>Only waiting or unknown ones</source>
        <translation>Yanayosubiri au yasiyojulikana tu</translation>
    </message>
    <message>
        <source>Only those not paid</source>
        <translation>Yasiyolipwa tu</translation>
    </message>
    <message>
        <source>Choose the days</source>
        <translation>Chagua siku</translation>
    </message>
    <message>
        <source>From one day to another</source>
        <translation>Kuanzia siku moja hadi nyingine</translation>
    </message>
    <message>
        <source>Choose the method</source>
        <translation>Chagua njia</translation>
    </message>
    <message>
        <source>Only mine, or everybody&apos;s</source>
        <translation>Yangu tu, au ya wote</translation>
    </message>
    <message>
        <source>Read the payments again</source>
        <translation>Soma malipo upya</translation>
    </message>
    <message>
        <source>One step back</source>
        <translation>Rudi hatua moja</translation>
    </message>
</context>
<context>
    <name>PlacingPresenter</name>
    <message>
        <source>Say why, in a few words.</source>
        <extracomment>Invoices a search by hand shows.</extracomment>
        <translation>Sema sababu, kwa maneno machache.</translation>
    </message>
    <message>
        <source>KSh {amount} is unmatched again</source>
        <translation>KSh {amount} haina mwenyewe tena</translation>
    </message>
    <message>
        <source>{invoice} is due again. Find whose money it is.</source>
        <translation>{invoice} inadaiwa tena. Tafuta pesa ni za nani.</translation>
    </message>
    <message>
        <source>Nobody can tell yet whether it was placed</source>
        <translation>Hakuna anayejua bado kama zimepangwa</translation>
    </message>
    <message>
        <source>Look at it once the connection is back. Pressing the button again never places it twice.</source>
        <translation>Angalia muunganisho ukirudi. Kubonyeza tena hakuzipangi mara mbili.</translation>
    </message>
    <message>
        <source>KSh {amount} placed with {name}</source>
        <translation>KSh {amount} imepangiwa {name}</translation>
    </message>
    <message>
        <source>KSh {amount} placed with {n} invoices</source>
        <translation>KSh {amount} imepangiwa ankara {n}</translation>
    </message>
    <message>
        <source>The receipt is with the payment.</source>
        <translation>Risiti iko kwenye malipo.</translation>
    </message>
    <message>
        <source>The receipt is with the payment. F8 moves it back.</source>
        <translation>Risiti iko kwenye malipo. F8 huzirudisha.</translation>
    </message>
</context>
<context>
    <name>QueueColumn</name>
    <message>
        <source>Name, patient no, invoice, phone, or scan</source>
        <translation>Jina, namba, ankara, simu, au skani</translation>
    </message>
    <message>
        <source>Patients waiting</source>
        <translation>Wagonjwa wanaosubiri</translation>
    </message>
    <message>
        <source>as last seen</source>
        <translation>kama ilivyoonekana mwisho</translation>
    </message>
    <message>
        <source>oldest first</source>
        <translation>wa zamani kwanza</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Jaribu tena</translation>
    </message>
    <message>
        <source>Show everybody</source>
        <translation>Onyesha wote</translation>
    </message>
</context>
<context>
    <name>QueuePresenter</name>
    <message>
        <source>Nobody is found for “{text}”</source>
        <extracomment>The most hits a search shows; who sees more types on. nothing cached yet, the relay is being read nobody waits nothing cached, and the relay is away rows are shown as they were when the connection was lost 0: none -1: none, or not among the rows shown</extracomment>
        <translation>Hakuna aliyepatikana kwa “{text}”</translation>
    </message>
    <message>
        <source>Try a part of the name, the phone, or scan the invoice. Esc shows the whole queue.</source>
        <translation>Jaribu sehemu ya jina, simu, au skani ankara. Esc huonyesha foleni nzima.</translation>
    </message>
    <message>
        <source>The relay is away, and no invoice is kept here</source>
        <translation>Relay haipatikani, na hakuna ankara iliyohifadhiwa hapa</translation>
    </message>
    <message>
        <source>The queue comes by itself once the connection is back.</source>
        <translation>Foleni itakuja yenyewe mtandao ukirudi.</translation>
    </message>
    <message>
        <source>Nobody is waiting</source>
        <translation>Hakuna anayesubiri</translation>
    </message>
    <message>
        <source>New invoices appear here by themselves.</source>
        <translation>Ankara mpya huonekana hapa zenyewe.</translation>
    </message>
    <message>
        <source>Reading the queue</source>
        <translation>Inasoma foleni</translation>
    </message>
    <message>
        <source>Reading the queue, {read} of {total}</source>
        <translation>Inasoma foleni, {read} kati ya {total}</translation>
    </message>
    <message>
        <source>{found} found · {n} waiting</source>
        <translation>{found} wamepatikana · {n} wanasubiri</translation>
    </message>
    <message>
        <source>nobody waiting</source>
        <translation>hakuna anayesubiri</translation>
    </message>
    <message>
        <source>{n} waiting</source>
        <translation>{n} wanasubiri</translation>
    </message>
    <message>
        <source>{head} · longest {time}</source>
        <translation>{head} · hadi {time}</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Places</source>
        <translation>Sehemu</translation>
    </message>
</context>
<context>
    <name>RailItem</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n inasubiri</numerusform>
            <numerusform>%n zinasubiri</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Receipt</name>
    <message>
        <source>KRA PIN {number}</source>
        <extracomment>with ``{page}`` and ``{pages}``</extracomment>
        <translation>PIN ya KRA {number}</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>Risiti</translation>
    </message>
    <message>
        <source>COPY {number}</source>
        <translation>NAKALA {number}</translation>
    </message>
    <message>
        <source>Patient no</source>
        <translation>Namba ya mgonjwa</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Tarehe</translation>
    </message>
    <message>
        <source>Invoice</source>
        <translation>Ankara</translation>
    </message>
    <message>
        <source>Counter</source>
        <translation>Kaunta</translation>
    </message>
    <message>
        <source>Cashier</source>
        <translation>Keshia</translation>
    </message>
    <message>
        <source>Amounts in {currency}</source>
        <translation>Kiasi kwa {currency}</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Huduma</translation>
    </message>
    <message>
        <source>Qty</source>
        <translation>Idadi</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Bei</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Kiasi</translation>
    </message>
    <message>
        <source>To pay</source>
        <translation>Ya kulipa</translation>
    </message>
    <message>
        <source>Balance due</source>
        <translation>Salio la deni</translation>
    </message>
    <message>
        <source>Scan to check this receipt</source>
        <translation>Skani kuhakiki risiti hii</translation>
    </message>
    <message>
        <source>Page {page} of {pages}</source>
        <translation>Ukurasa {page} kati ya {pages}</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Jumla</translation>
    </message>
    <message>
        <source>Insurance</source>
        <translation>Bima</translation>
    </message>
    <message>
        <source>Waiver</source>
        <translation>Msamaha</translation>
    </message>
    <message>
        <source>Paid before</source>
        <translation>Ililipwa awali</translation>
    </message>
    <message>
        <source>Cash given</source>
        <translation>Taslimu iliyotolewa</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Chenji</translation>
    </message>
    <message>
        <source>Confirmation</source>
        <translation>Uthibitisho</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Simu</translation>
    </message>
    <message>
        <source>Paid in cash</source>
        <translation>Imelipwa taslimu</translation>
    </message>
    <message>
        <source>Paid by M-Pesa</source>
        <translation>Imelipwa kwa M-Pesa</translation>
    </message>
    <message>
        <source>Paid by card</source>
        <translation>Imelipwa kwa kadi</translation>
    </message>
    <message>
        <source>Paid by PayPal</source>
        <translation>Imelipwa kwa PayPal</translation>
    </message>
    <message>
        <source>Paid by bank transfer</source>
        <translation>Imelipwa kwa benki</translation>
    </message>
    <message>
        <source>Paid by cheque</source>
        <translation>Imelipwa kwa hundi</translation>
    </message>
    <message>
        <source>Paid by insurance</source>
        <translation>Imelipwa na bima</translation>
    </message>
</context>
<context>
    <name>ReceiptPanel</name>
    <message>
        <source>Receipt</source>
        <extracomment>What stands on the paper of a receipt; the second argument is which copy it is.</extracomment>
        <translation>Risiti</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Funga</translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation>Hifadhi PDF</translation>
    </message>
    <message>
        <source>Receipt {no}</source>
        <translation>Risiti {no}</translation>
    </message>
    <message>
        <source>Print again</source>
        <translation>Chapisha tena</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Chapisha</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>Imehifadhiwa: {path}</translation>
    </message>
</context>
<context>
    <name>ReceiptPresenter</name>
    <message>
        <source>The PDF was not saved</source>
        <extracomment>empty where there is none what stays owed, empty for nothing how often it was printed path of the PDF, once it was kept the payment whose receipt alone may be in front, while it is not</extracomment>
        <translation>PDF haikuhifadhiwa</translation>
    </message>
    <message>
        <source>Saved as PDF</source>
        <translation>Imehifadhiwa kama PDF</translation>
    </message>
</context>
<context>
    <name>ReceiptStrip</name>
    <message>
        <source>Show receipt</source>
        <translation>Onyesha risiti</translation>
    </message>
    <message>
        <source>Receipt {no}</source>
        <translation>Risiti {no}</translation>
    </message>
    <message>
        <source>Print again</source>
        <translation>Chapisha tena</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Chapisha</translation>
    </message>
    <message>
        <source>Printing</source>
        <translation>Inachapisha</translation>
    </message>
    <message>
        <source>Printed</source>
        <translation>Imechapishwa</translation>
    </message>
    <message numerus="yes">
        <source>Printed %n times</source>
        <translation>
            <numerusform>Imechapishwa mara %n</numerusform>
            <numerusform>Imechapishwa mara %n</numerusform>
        </translation>
    </message>
    <message>
        <source>Saved, not printed</source>
        <translation>Imehifadhiwa, haijachapishwa</translation>
    </message>
</context>
<context>
    <name>RefundAskPresenter</name>
    <message>
        <source>Nobody can tell yet whether it was written down</source>
        <translation>Hakuna anayejua bado kama limeandikwa</translation>
    </message>
    <message>
        <source>Look among the refunds once the connection is back. Pressing the button again never asks twice.</source>
        <translation>Angalia kwenye marejesho muunganisho ukirudi. Kubonyeza tena hakuombi mara mbili.</translation>
    </message>
    <message>
        <source>Type what is to go back.</source>
        <translation>Andika kiasi cha kurejeshwa.</translation>
    </message>
    <message>
        <source>At most {amount} may go back.</source>
        <translation>Kiasi cha juu cha kurejeshwa ni {amount}.</translation>
    </message>
    <message>
        <source>Say why, in a few words.</source>
        <translation>Sema sababu, kwa maneno machache.</translation>
    </message>
    <message>
        <source>Asked: KSh {amount} is to go back</source>
        <translation>Imeombwa: KSh {amount} irejeshwe</translation>
    </message>
    <message>
        <source>{way} Another person, a supervisor or administrator, has to approve it first.</source>
        <translation>{way} Mtu mwingine, msimamizi au admin, lazima aidhinishe kwanza.</translation>
    </message>
    <message>
        <source>It goes to the phone that paid, by a reversal or a payout; the answer says which.</source>
        <translation>Zinaenda kwa simu iliyolipa, kwa kutengua au kutuma; jibu litasema ipi.</translation>
    </message>
    <message>
        <source>It goes to this phone, by a payout.</source>
        <translation>Zinatumwa kwa simu hii.</translation>
    </message>
    <message>
        <source>To the phone that paid</source>
        <translation>Kwa simu iliyolipa</translation>
    </message>
    <message>
        <source>To another phone…</source>
        <translation>Kwa simu nyingine…</translation>
    </message>
    <message>
        <source>Ask to give back {amount}</source>
        <translation>Omba kurejesha {amount}</translation>
    </message>
    <message>
        <source>Give back to {payer}</source>
        <translation>Rejesha kwa {payer}</translation>
    </message>
    <message>
        <source>Give money back</source>
        <translation>Rejesha pesa</translation>
    </message>
    <message>
        <source>At most {amount}</source>
        <translation>Isizidi {amount}</translation>
    </message>
    <message>
        <source>Ask the patient, and read it back aloud.</source>
        <translation>Muulize mgonjwa, kisha isome kwa sauti.</translation>
    </message>
    <message>
        <source>The relay is away; ask once it is back.</source>
        <translation>Relay haipatikani; omba itakaporudi.</translation>
    </message>
</context>
<context>
    <name>RefundColumn</name>
    <message>
        <source>Reason</source>
        <translation>Sababu</translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation>Aliyeomba</translation>
    </message>
    <message>
        <source>Goes back to</source>
        <translation>Zinarudi kwa</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Ushahidi</translation>
    </message>
    <message>
        <source>Choose a refund at the left</source>
        <translation>Chagua rejesho upande wa kushoto</translation>
    </message>
    <message>
        <source>Why it is asked for and how it stands is told here.</source>
        <translation>Sababu yake na hali yake zinaelezwa hapa.</translation>
    </message>
</context>
<context>
    <name>RefundForm</name>
    <message>
        <source>How much goes back</source>
        <translation>Kiasi cha kurejeshwa</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Sababu</translation>
    </message>
    <message>
        <source>Who approves it reads this.</source>
        <translation>Anayeidhinisha atasoma hii.</translation>
    </message>
    <message>
        <source>Phone that gets it</source>
        <translation>Simu inayopokea</translation>
    </message>
    <message>
        <source>Do not ask</source>
        <translation>Usiombe</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Funga</translation>
    </message>
</context>
<context>
    <name>RefundsPresenter</name>
    <message>
        <source>Say why, for the one who asked.</source>
        <translation>Sema sababu, kwa aliyeomba.</translation>
    </message>
    <message>
        <source>Say what the portal shows.</source>
        <translation>Sema tovuti ya M-Pesa inaonyesha nini.</translation>
    </message>
    <message>
        <source>Nobody can tell yet whether it was decided</source>
        <translation>Hakuna anayejua bado kama imeamuliwa</translation>
    </message>
    <message>
        <source>Look at it once the connection is back. Deciding again never sends the money twice.</source>
        <translation>Angalia muunganisho ukirudi. Kuamua tena hakutumi pesa mara mbili.</translation>
    </message>
    <message>
        <source>{n} to decide</source>
        <translation>{n} ya kuamua</translation>
    </message>
    <message>
        <source>The relay is away. As of {time}.</source>
        <translation>Relay haipatikani. Kufikia {time}.</translation>
    </message>
    <message>
        <source>Refunds are kept there; what was approved goes on by itself.</source>
        <translation>Marejesho yamehifadhiwa huko; yaliyoidhinishwa yanaendelea yenyewe.</translation>
    </message>
    <message>
        <source>The relay is away</source>
        <translation>Relay haipatikani</translation>
    </message>
    <message>
        <source>A refund is asked for from its payment, or from unmatched money.</source>
        <translation>Rejesho huombwa kutoka kwenye malipo yake, au pesa zisizo na mwenyewe.</translation>
    </message>
    <message>
        <source>Nothing to decide</source>
        <translation>Hakuna la kuamua</translation>
    </message>
    <message>
        <source>No refunds here</source>
        <translation>Hakuna marejesho hapa</translation>
    </message>
</context>
<context>
    <name>RefundsScreen</name>
    <message>
        <source>choose</source>
        <translation>chagua</translation>
    </message>
    <message>
        <source>Choose the refund above</source>
        <translation>Chagua rejesho la juu</translation>
    </message>
    <message>
        <source>Choose the refund below</source>
        <translation>Chagua rejesho la chini</translation>
    </message>
    <message>
        <source>Go up a page of refunds</source>
        <translation>Panda ukurasa wa marejesho</translation>
    </message>
    <message>
        <source>Go down a page of refunds</source>
        <translation>Shuka ukurasa wa marejesho</translation>
    </message>
    <message>
        <source>Refunds to decide</source>
        <translation>Marejesho ya kuamua</translation>
    </message>
    <message>
        <source>Refunds under way</source>
        <translation>Marejesho yaliyo njiani</translation>
    </message>
    <message>
        <source>All refunds</source>
        <translation>Marejesho yote</translation>
    </message>
    <message>
        <source>Write a note on this refund</source>
        <translation>Andika maelezo ya rejesho hili</translation>
    </message>
    <message>
        <source>note</source>
        <translation>maelezo</translation>
    </message>
    <message>
        <source>Approve this refund</source>
        <translation>Idhinisha rejesho hili</translation>
    </message>
    <message>
        <source>approve</source>
        <translation>idhinisha</translation>
    </message>
    <message>
        <source>Reject this refund, or say that it did not go back</source>
        <translation>Kataa rejesho hili, au sema kuwa halikurudi</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>kataa</translation>
    </message>
    <message>
        <source>Read the refunds again</source>
        <translation>Soma marejesho tena</translation>
    </message>
    <message>
        <source>One step back in the refunds</source>
        <translation>Hatua moja nyuma kwenye marejesho</translation>
    </message>
</context>
<context>
    <name>ResultColumn</name>
    <message>
        <source>Choose a statement, or import one</source>
        <extracomment>Columns that are hidden in less room than this.</extracomment>
        <translation>Chagua taarifa, au ingiza moja</translation>
    </message>
    <message>
        <source>It is compared with our books, line by line; what is missing here is put in.</source>
        <translation>Hulinganishwa na vitabu vyetu, mstari kwa mstari; kinachokosekana hapa huingizwa.</translation>
    </message>
</context>
<context>
    <name>SelfPayPresenter</name>
    <message>
        <source>No QR code while the relay is away. The numbers are right.</source>
        <extracomment>the note in the local store: ``paybill 600999`` or ``till 600999`` empty for a till, which takes none for an invoice and what it owed</extracomment>
        <translation>Hakuna QR relay ikiwa haipatikani. Namba ni sahihi.</translation>
    </message>
    <message>
        <source>No QR code just now. The numbers are right.</source>
        <translation>Hakuna QR kwa sasa. Namba ni sahihi.</translation>
    </message>
</context>
<context>
    <name>SessionPresenter</name>
    <message>
        <source>User and password are both needed</source>
        <extracomment>Seconds between looks for the relay after somebody signed in without it. user and password the counter&apos;s name, once in a till&apos;s life over the work, which stays as it is something is not sent yet; ``confirm_sign_out`` or ``stay`` signing in again may be put off by :meth:`SessionPresenter.later` who signed in here last, to begin with the counter&apos;s name offered for the enrolment the hospital, empty until the till is enrolled of receipts, empty until then why one signs in again, what is not sent, that the relay is away ``password``, ``username``, ``counter``, or empty secrets lie in a readable file (demo, training) signed in, but the till has no series yet</extracomment>
        <translation>Mtumiaji na nenosiri vyote vinahitajika</translation>
    </message>
    <message>
        <source>Give this counter a name</source>
        <translation>Ipe kaunta hii jina</translation>
    </message>
    <message>
        <source>For example “Counter 3”.</source>
        <translation>Kwa mfano “Kaunta 3”.</translation>
    </message>
    <message>
        <source>Signed in without the relay</source>
        <translation>Umeingia bila relay</translation>
    </message>
    <message>
        <source>Cash goes on. Sign in once more when the connection is back, so that receipts are sent.</source>
        <translation>Taslimu inaendelea. Ingia tena mtandao ukirudi, ili risiti zitumwe.</translation>
    </message>
    <message>
        <source>1 receipt is not sent yet.</source>
        <translation>Risiti 1 haijatumwa.</translation>
    </message>
    <message>
        <source>{n} receipts are not sent yet.</source>
        <translation>Risiti {n} hazijatumwa.</translation>
    </message>
    <message>
        <source>1 M-Pesa payment is still open.</source>
        <translation>Malipo 1 ya M-Pesa bado yako wazi.</translation>
    </message>
    <message>
        <source>{n} M-Pesa payments are still open.</source>
        <translation>Malipo {n} ya M-Pesa bado yako wazi.</translation>
    </message>
    <message>
        <source>They stay safe on this till and go on with the next sign-in. Better wait until all is sent.</source>
        <translation>Yako salama kwenye mashine hii na yataendelea mtu akiingia tena. Afadhali usubiri hadi yote yatumwe.</translation>
    </message>
    <message>
        <source>The connection is back: please sign in</source>
        <translation>Mtandao umerudi: tafadhali ingia</translation>
    </message>
    <message>
        <source>Then the receipts taken meanwhile are sent. What you were doing stays as it is.</source>
        <translation>Kisha risiti za muda huo zitatumwa. Ulichokuwa ukifanya kinabaki vile vile.</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>Signing in</source>
        <extracomment>who worked here last</extracomment>
        <translation>Inaingia</translation>
    </message>
    <message>
        <source>While signed in</source>
        <translation>Ukiwa umeingia</translation>
    </message>
    <message>
        <source>At the counter</source>
        <translation>Kwenye kaunta</translation>
    </message>
    <message>
        <source>In the payments</source>
        <translation>Kwenye malipo</translation>
    </message>
    <message>
        <source>In the unmatched money</source>
        <translation>Kwenye pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>In the statements</source>
        <translation>Kwenye taarifa</translation>
    </message>
    <message>
        <source>In the refunds</source>
        <translation>Kwenye marejesho</translation>
    </message>
    <message>
        <source>With a receipt open</source>
        <translation>Risiti ikiwa wazi</translation>
    </message>
    <message>
        <source>Show all keys</source>
        <translation>Onyesha vitufe vyote</translation>
    </message>
    <message>
        <source>all keys</source>
        <translation>vitufe vyote</translation>
    </message>
    <message>
        <source>Do anything by its name</source>
        <translation>Fanya chochote kwa jina lake</translation>
    </message>
    <message>
        <source>do anything</source>
        <translation>fanya chochote</translation>
    </message>
    <message>
        <source>Dark or light screen</source>
        <translation>Skrini nyeusi au nyeupe</translation>
    </message>
    <message>
        <source>English or Kiswahili</source>
        <translation>Kiswahili au English</translation>
    </message>
    <message>
        <source>Full screen, or a window</source>
        <translation>Skrini nzima, au dirisha</translation>
    </message>
    <message>
        <source>Show the password, or hide it</source>
        <translation>Onyesha nenosiri, au lifiche</translation>
    </message>
    <message>
        <source>Open or close the patient&apos;s screen</source>
        <translation>Fungua au funga skrini ya mgonjwa</translation>
    </message>
    <message>
        <source>Move the patient&apos;s screen to the next monitor</source>
        <translation>Hamishia skrini ya mgonjwa kwenye monita nyingine</translation>
    </message>
    <message>
        <source>Close the till</source>
        <translation>Funga mashine</translation>
    </message>
    <message>
        <source>Sign out?</source>
        <translation>Uondoke?</translation>
    </message>
    <message>
        <source>Sign out all the same</source>
        <translation>Ondoka hata hivyo</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Baki</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Close</source>
        <translation>Funga</translation>
    </message>
</context>
<context>
    <name>SignInAgain</name>
    <message>
        <source>Sign in again</source>
        <translation>Ingia tena</translation>
    </message>
    <message>
        <source>Later, go on with cash</source>
        <translation>Baadaye, endelea na taslimu</translation>
    </message>
</context>
<context>
    <name>SignInForm</name>
    <message>
        <source>User</source>
        <translation>Mtumiaji</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Nenosiri</translation>
    </message>
    <message>
        <source>This till is used for the first time. What is its counter called? The name stands on every receipt.</source>
        <translation>Mashine hii inatumika mara ya kwanza. Kaunta yake inaitwaje? Jina litaandikwa kwenye kila risiti.</translation>
    </message>
    <message>
        <source>Counter</source>
        <translation>Kaunta</translation>
    </message>
    <message>
        <source>Opening the till</source>
        <translation>Inafungua mashine</translation>
    </message>
    <message>
        <source>Signing in</source>
        <translation>Inaingia</translation>
    </message>
    <message>
        <source>Getting the receipt series</source>
        <translation>Inapata mfululizo wa risiti</translation>
    </message>
    <message>
        <source>Begin at this counter</source>
        <translation>Anza kwenye kaunta hii</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Ingia</translation>
    </message>
    <message>
        <source>Caps Lock is on.</source>
        <translation>Caps Lock imewashwa.</translation>
    </message>
</context>
<context>
    <name>SignInScreen</name>
    <message>
        <source>{counter} · series {series}</source>
        <translation>{counter} · mfululizo {series}</translation>
    </message>
    <message>
        <source>The till is being opened</source>
        <translation>Mashine inafunguliwa</translation>
    </message>
    <message>
        <source>A new till</source>
        <translation>Mashine mpya</translation>
    </message>
    <message>
        <source>A new till: the first sign-in gives it its receipt series</source>
        <translation>Mashine mpya: itapewa mfululizo wa risiti ukiingia mara ya kwanza</translation>
    </message>
    <message>
        <source>Light screen</source>
        <translation>Skrini nyeupe</translation>
    </message>
    <message>
        <source>Dark screen</source>
        <translation>Skrini nyeusi</translation>
    </message>
</context>
<context>
    <name>SkeletonRows</name>
    <message>
        <source>Loading</source>
        <translation>Inapakia</translation>
    </message>
</context>
<context>
    <name>StatementItemsPresenter</name>
    <message>
        <source>Writing {name}</source>
        <extracomment>Lines read on while a search finds too little.</extracomment>
        <translation>Inaandika {name}</translation>
    </message>
    <message>
        <source>Saved: {n} differences</source>
        <translation>Imehifadhiwa: tofauti {n}</translation>
    </message>
    <message>
        <source>{found} found in {read} lines read</source>
        <translation>{found} zimepatikana katika mistari {read} iliyosomwa</translation>
    </message>
    <message>
        <source>No such line</source>
        <translation>Hakuna mstari kama huo</translation>
    </message>
    <message>
        <source>Search by receipt number or amount.</source>
        <translation>Tafuta kwa nambari ya risiti au kiasi.</translation>
    </message>
    <message>
        <source>There are none</source>
        <translation>Hakuna</translation>
    </message>
</context>
<context>
    <name>StatementsPresenter</name>
    <message>
        <source>Sending {name}</source>
        <extracomment>What the relay takes at most. Seconds after which a statement that is being read is asked about, should its news be late.</extracomment>
        <translation>Inatuma {name}</translation>
    </message>
    <message>
        <source>Nobody can tell yet whether the file arrived</source>
        <translation>Hakuna anayejua bado kama faili imefika</translation>
    </message>
    <message>
        <source>Import it once more: the same file is never read twice.</source>
        <translation>Iingize tena: faili ileile haisomwi mara mbili.</translation>
    </message>
    <message>
        <source>By {who}, {when}. It is shown as it was found then; nothing was read again.</source>
        <translation>Na {who}, {when}. Inaonyeshwa ilivyopatikana wakati huo; hakuna kilichosomwa tena.</translation>
    </message>
    <message>
        <source>This file was imported before</source>
        <translation>Faili hii iliingizwa awali</translation>
    </message>
    <message>
        <source>Import a statement…</source>
        <translation>Ingiza taarifa…</translation>
    </message>
    <message>
        <source>The relay is away; import once it is back.</source>
        <translation>Relay haipatikani; ingiza itakaporudi.</translation>
    </message>
    <message>
        <source>The relay is away. As of {time}.</source>
        <translation>Relay haipatikani. Kufikia {time}.</translation>
    </message>
    <message>
        <source>The relay is away</source>
        <translation>Relay haipatikani</translation>
    </message>
    <message>
        <source>Statements are read and kept there.</source>
        <translation>Taarifa husomwa na kuhifadhiwa huko.</translation>
    </message>
    <message>
        <source>No statement yet</source>
        <translation>Hakuna taarifa bado</translation>
    </message>
    <message>
        <source>Export one from the M-Pesa organisation portal (CSV or Excel) and import it here.</source>
        <translation>Pakua moja kutoka tovuti ya M-Pesa ya shirika (CSV au Excel) na uiingize hapa.</translation>
    </message>
</context>
<context>
    <name>StatementsScreen</name>
    <message>
        <source>choose</source>
        <translation>chagua</translation>
    </message>
    <message>
        <source>Choose the statement, class or line above</source>
        <translation>Chagua taarifa, aina au mstari wa juu</translation>
    </message>
    <message>
        <source>Choose the statement, class or line below</source>
        <translation>Chagua taarifa, aina au mstari wa chini</translation>
    </message>
    <message>
        <source>Go up a page of the statement</source>
        <translation>Panda ukurasa wa taarifa</translation>
    </message>
    <message>
        <source>Go down a page of the statement</source>
        <translation>Shuka ukurasa wa taarifa</translation>
    </message>
    <message>
        <source>Show what was found, or its lines</source>
        <translation>Onyesha kilichopatikana, au mistari yake</translation>
    </message>
    <message>
        <source>open</source>
        <translation>fungua</translation>
    </message>
    <message>
        <source>Import a statement</source>
        <translation>Ingiza taarifa</translation>
    </message>
    <message>
        <source>import</source>
        <translation>ingiza</translation>
    </message>
    <message>
        <source>Search the lines of the statement</source>
        <translation>Tafuta mistari ya taarifa</translation>
    </message>
    <message>
        <source>search</source>
        <translation>tafuta</translation>
    </message>
    <message>
        <source>Read the statements again</source>
        <translation>Soma taarifa tena</translation>
    </message>
    <message>
        <source>Ask Safaricom for the balance</source>
        <translation>Uliza Safaricom salio</translation>
    </message>
    <message>
        <source>balance</source>
        <translation>salio</translation>
    </message>
    <message>
        <source>Read Safaricom&apos;s list of payments now</source>
        <translation>Soma orodha ya malipo ya Safaricom sasa</translation>
    </message>
    <message>
        <source>list</source>
        <translation>orodha</translation>
    </message>
    <message>
        <source>Send refunds to phones again</source>
        <translation>Tuma tena marejesho kwa simu</translation>
    </message>
    <message>
        <source>Save the differences as a file</source>
        <translation>Hifadhi tofauti kama faili</translation>
    </message>
    <message>
        <source>save</source>
        <translation>hifadhi</translation>
    </message>
    <message>
        <source>One step back in the statements</source>
        <translation>Hatua moja nyuma kwenye taarifa</translation>
    </message>
    <message>
        <source>Statements of the M-Pesa portal</source>
        <translation>Taarifa za tovuti ya M-Pesa</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Faili zote</translation>
    </message>
    <message>
        <source>Save the differences</source>
        <translation>Hifadhi tofauti</translation>
    </message>
</context>
<context>
    <name>StatusPresenter</name>
    <message>
        <source>Receipt {no} over {amount} was refused</source>
        <extracomment>The feed may be away this long, as when a token is renewed, before the screen speaks of it. this computer&apos;s clock is off the queue is not live although the relay answers the till must not sell: an old copy of its store was put back ``Mon 14:32``</extracomment>
        <translation>Risiti {no} ya {amount} imekataliwa</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>Mtandaoni</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Hujaingia</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Nje ya mtandao</translation>
    </message>
    <message>
        <source>1 not sent</source>
        <translation>1 haijatumwa</translation>
    </message>
    <message>
        <source>{n} not sent</source>
        <translation>{n} hazijatumwa</translation>
    </message>
    <message>
        <source>1 refused</source>
        <translation>1 imekataliwa</translation>
    </message>
    <message>
        <source>{n} refused</source>
        <translation>{n} zimekataliwa</translation>
    </message>
    <message>
        <source>all sent</source>
        <translation>zote zimetumwa</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is off by {time}</source>
        <translation>Saa ya kompyuta hii imekosea kwa {time}</translation>
    </message>
    <message>
        <source>Set date and time right (automatic time). No cash until then.</source>
        <translation>Rekebisha tarehe na saa (saa ya kiotomatiki). Hakuna taslimu hadi hapo.</translation>
    </message>
    <message>
        <source>Set date and time right (automatic time); receipts carry this clock&apos;s time.</source>
        <translation>Rekebisha tarehe na saa (saa ya kiotomatiki); risiti hutumia saa hii.</translation>
    </message>
    <message>
        <source>The queue is as it was a while ago</source>
        <translation>Foleni ni ya muda uliopita</translation>
    </message>
    <message>
        <source>The relay answers, but its news do not come. It connects again by itself.</source>
        <translation>Relay inajibu, lakini habari zake haziji. Itaunganika tena yenyewe.</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>Receipt {no} over {amount} was refused</source>
        <translation>Risiti {no} ya {amount} imekataliwa</translation>
    </message>
    <message>
        <source>Offer again</source>
        <translation>Wasilisha tena</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <source>What happened so far</source>
        <translation>Yaliyotokea hadi sasa</translation>
    </message>
</context>
<context>
    <name>StepState</name>
    <message>
        <source>done</source>
        <translation>tayari</translation>
    </message>
    <message>
        <source>now</source>
        <translation>sasa</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>haijulikani</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>imeshindwa</translation>
    </message>
    <message>
        <source>to come</source>
        <translation>itakuja</translation>
    </message>
</context>
<context>
    <name>Terminal</name>
    <message numerus="yes">
        <source>%n receipt(s) not sent yet</source>
        <extracomment>How long to wait for a first paint that may never come (a window that starts minimised).</extracomment>
        <translation>
            <numerusform>Risiti %n haijatumwa</numerusform>
            <numerusform>Risiti %n hazijatumwa</numerusform>
        </translation>
    </message>
    <message>
        <source>They are safe on this till and go to the hospital when it is open again. Better wait until all is sent.</source>
        <translation>Ziko salama kwenye mashine hii na zitaenda hospitali itakapofunguliwa tena. Afadhali usubiri hadi zote zitumwe.</translation>
    </message>
    <message>
        <source>Close all the same</source>
        <translation>Funga hata hivyo</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Baki</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Dismiss</source>
        <translation>Ondoa</translation>
    </message>
</context>
<context>
    <name>UnmatchedPresenter</name>
    <message>
        <source>1 waits · {total} · {age}</source>
        <extracomment>Seconds after which ages are told anew.</extracomment>
        <translation>1 inasubiri · {total} · {age}</translation>
    </message>
    <message>
        <source>{n} wait · {total} · oldest {age}</source>
        <translation>{n} zinasubiri · {total} · kongwe {age}</translation>
    </message>
    <message>
        <source>The relay is away. As of {time}.</source>
        <translation>Relay haipatikani. Kufikia {time}.</translation>
    </message>
    <message>
        <source>The relay is away</source>
        <translation>Relay haipatikani</translation>
    </message>
    <message>
        <source>No money is lost: what arrives is kept there and shown here once the connection is back.</source>
        <translation>Hakuna pesa inayopotea: zinazofika zinahifadhiwa huko na kuonyeshwa hapa muunganisho ukirudi.</translation>
    </message>
    <message>
        <source>Reading the unmatched money</source>
        <translation>Inasoma pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>No such money</source>
        <translation>Hakuna pesa kama hizo</translation>
    </message>
    <message>
        <source>Search by account, payer or M-Pesa code, or look among all.</source>
        <translation>Tafuta kwa akaunti, mlipaji au nambari ya M-Pesa, au angalia zote.</translation>
    </message>
    <message>
        <source>You look after nothing just now</source>
        <translation>Hakuna unazoshughulikia sasa</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>Hakuna kinachosubiri</translation>
    </message>
    <message>
        <source>Every shilling that came has found its invoice.</source>
        <translation>Kila shilingi iliyokuja imepata ankara yake.</translation>
    </message>
</context>
<context>
    <name>UnmatchedScreen</name>
    <message>
        <source>Assign this money to the chosen invoice</source>
        <translation>Pangia ankara iliyochaguliwa pesa hizi</translation>
    </message>
    <message>
        <source>Assign all shares of the split</source>
        <translation>Panga mafungu yote</translation>
    </message>
    <message>
        <source>Find any invoice for this money</source>
        <translation>Tafuta ankara yoyote ya pesa hizi</translation>
    </message>
    <message>
        <source>find</source>
        <translation>tafuta</translation>
    </message>
    <message>
        <source>Split this money, or do not</source>
        <translation>Gawanya pesa hizi, au usigawanye</translation>
    </message>
    <message>
        <source>split</source>
        <translation>gawanya</translation>
    </message>
    <message>
        <source>Look after this money</source>
        <translation>Shughulikia pesa hizi</translation>
    </message>
    <message>
        <source>mine</source>
        <translation>zangu</translation>
    </message>
    <message>
        <source>Give this money back</source>
        <translation>Rejesha pesa hizi</translation>
    </message>
    <message>
        <source>refund</source>
        <translation>rejesha</translation>
    </message>
    <message>
        <source>Move back what was assigned wrongly</source>
        <translation>Rudisha zilizopangwa vibaya</translation>
    </message>
    <message>
        <source>move back</source>
        <translation>rudisha</translation>
    </message>
    <message>
        <source>Search the unmatched money</source>
        <translation>Tafuta pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>search</source>
        <translation>tafuta</translation>
    </message>
    <message>
        <source>Money that waits</source>
        <translation>Pesa zinazosubiri</translation>
    </message>
    <message>
        <source>Money I look after</source>
        <translation>Pesa ninazoshughulikia</translation>
    </message>
    <message>
        <source>All money that matched nothing</source>
        <translation>Pesa zote zisizolingana na ankara</translation>
    </message>
    <message>
        <source>Read the unmatched money again</source>
        <translation>Soma pesa zisizo na mwenyewe tena</translation>
    </message>
    <message>
        <source>One step back from this money</source>
        <translation>Hatua moja nyuma kutoka pesa hizi</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>chagua</translation>
    </message>
    <message>
        <source>Choose the money or invoice above</source>
        <translation>Chagua pesa au ankara ya juu</translation>
    </message>
    <message>
        <source>Choose the money or invoice below</source>
        <translation>Chagua pesa au ankara ya chini</translation>
    </message>
    <message>
        <source>Go up a page of unmatched money</source>
        <translation>Panda ukurasa wa pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>Go down a page of unmatched money</source>
        <translation>Shuka ukurasa wa pesa zisizo na mwenyewe</translation>
    </message>
</context>
<context>
    <name>Workplace</name>
    <message>
        <source>Counter</source>
        <translation>Kaunta</translation>
    </message>
    <message>
        <source>Payments</source>
        <translation>Malipo</translation>
    </message>
    <message>
        <source>Refunds</source>
        <translation>Marejesho</translation>
    </message>
    <message>
        <source>Unmatched</source>
        <translation>Bila mtu</translation>
    </message>
    <message>
        <source>Statements</source>
        <translation>Taarifa</translation>
    </message>
    <message>
        <source>Go to the counter</source>
        <translation>Nenda kwenye kaunta</translation>
    </message>
    <message>
        <source>Go to the payments</source>
        <translation>Nenda kwenye malipo</translation>
    </message>
    <message>
        <source>Go to the refunds</source>
        <translation>Nenda kwenye marejesho</translation>
    </message>
    <message>
        <source>Go to the unmatched money</source>
        <translation>Nenda kwenye pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>Go to the statements</source>
        <translation>Nenda kwenye taarifa</translation>
    </message>
    <message>
        <source>Print the receipt again</source>
        <translation>Chapisha risiti tena</translation>
    </message>
    <message>
        <source>reprint</source>
        <translation>chapisha tena</translation>
    </message>
    <message>
        <source>Show the receipt</source>
        <translation>Onyesha risiti</translation>
    </message>
    <message>
        <source>Save the receipt as PDF</source>
        <translation>Hifadhi risiti kama PDF</translation>
    </message>
    <message>
        <source>Close the receipt</source>
        <translation>Funga risiti</translation>
    </message>
    <message>
        <source>Send receipts now</source>
        <translation>Tuma risiti sasa</translation>
    </message>
    <message>
        <source>Offer a refused receipt once more</source>
        <translation>Wasilisha tena risiti iliyokataliwa</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Ondoka</translation>
    </message>
    <message>
        <source>Go to the patient of the last message</source>
        <translation>Nenda kwa mgonjwa wa ujumbe wa mwisho</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Onyesha</translation>
    </message>
    <message>
        <source>series {series}</source>
        <translation>mfululizo {series}</translation>
    </message>
    <message>
        <source>no receipt series</source>
        <translation>bila mfululizo wa risiti</translation>
    </message>
</context>
<context>
    <name>_ActionSheet</name>
    <message>
        <source>Nothing is called that.</source>
        <translation>Hakuna kinachoitwa hivyo.</translation>
    </message>
</context>
<context>
    <name>_Change</name>
    <message>
        <source>Give change</source>
        <translation>Rudisha chenji</translation>
    </message>
</context>
<context>
    <name>_Earlier</name>
    <message>
        <source>Earlier payments</source>
        <translation>Malipo ya awali</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Awali</translation>
    </message>
    <message>
        <source>No earlier payments</source>
        <translation>Hakuna malipo ya awali</translation>
    </message>
    <message>
        <source>Taken here</source>
        <translation>Yamepokelewa hapa</translation>
    </message>
    <message>
        <source>Earlier payments: not known while offline</source>
        <translation>Malipo ya awali: hayajulikani nje ya mtandao</translation>
    </message>
    <message>
        <source>Deposit {amount}</source>
        <translation>Amana {amount}</translation>
    </message>
</context>
<context>
    <name>_Form</name>
    <message>
        <source>Phone that pays</source>
        <translation>Simu inayolipa</translation>
    </message>
    <message>
        <source>Amount, whole shillings</source>
        <translation>Kiasi, shilingi kamili</translation>
    </message>
    <message>
        <source>Patient has a code</source>
        <translation>Mgonjwa ana kodi</translation>
    </message>
</context>
<context>
    <name>_InvoicePage</name>
    <message>
        <source>Serve this patient here</source>
        <translation>Mhudumie mgonjwa huyu hapa</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Huduma</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>Imeondolewa</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>Imelipwa</translation>
    </message>
</context>
<context>
    <name>_Lines</name>
    <message>
        <source>All classes</source>
        <translation>Aina zote</translation>
    </message>
    <message>
        <source>Receipt number, amount or words</source>
        <translation>Nambari ya risiti, kiasi au maneno</translation>
    </message>
    <message>
        <source>Lines of the statement</source>
        <translation>Mistari ya taarifa</translation>
    </message>
    <message>
        <source>Rows that cannot be read</source>
        <translation>Safu zisizosomeka</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Jaribu tena</translation>
    </message>
    <message>
        <source>Row {row}: {words}</source>
        <translation>Safu {row}: {words}</translation>
    </message>
</context>
<context>
    <name>_MovePage</name>
    <message>
        <source>Why it is moved back</source>
        <translation>Kwa nini zinarudishwa</translation>
    </message>
    <message>
        <source>It stands in the audit trail.</source>
        <translation>Itaandikwa kwenye kumbukumbu za ukaguzi.</translation>
    </message>
    <message>
        <source>Leave it where it is</source>
        <translation>Ziache zilipo</translation>
    </message>
    <message>
        <source>Move it back</source>
        <translation>Zirudishe</translation>
    </message>
</context>
<context>
    <name>_PlacePage</name>
    <message>
        <source>Any other invoice</source>
        <translation>Ankara nyingine yoyote</translation>
    </message>
    <message>
        <source>Invoices it may be for</source>
        <translation>Ankara ambazo huenda ni zake</translation>
    </message>
    <message>
        <source>Whose is it?</source>
        <translation>Ni za nani?</translation>
    </message>
</context>
<context>
    <name>_PlacedPage</name>
    <message>
        <source>The arrow keys choose the next payment that waits.</source>
        <translation>Vitufe vya mishale huchagua malipo yanayofuata.</translation>
    </message>
    <message>
        <source>Nothing of it waits any more</source>
        <translation>Hakuna kinachosubiri tena</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>{invoice} · owes {amount}</source>
        <translation>{invoice} · inadaiwa {amount}</translation>
    </message>
    <message>
        <source>Amount for {name}</source>
        <translation>Kiasi cha {name}</translation>
    </message>
    <message>
        <source>Without {name}</source>
        <translation>Bila {name}</translation>
    </message>
</context>
<context>
    <name>_Sale</name>
    <message>
        <source>Check again</source>
        <translation>Kagua tena</translation>
    </message>
    <message>
        <source>Received from patient</source>
        <translation>Imepokelewa kwa mgonjwa</translation>
    </message>
    <message>
        <source>Of it for this invoice</source>
        <translation>Kati yake, ya ankara hii</translation>
    </message>
    <message>
        <source>To pay</source>
        <translation>Ya kulipa</translation>
    </message>
    <message>
        <source>Received in cash</source>
        <translation>Imepokelewa taslimu</translation>
    </message>
    <message>
        <source>{rest} is then asked for by M-Pesa.</source>
        <translation>{rest} itaombwa kwa M-Pesa.</translation>
    </message>
    <message>
        <source>{rest} stays owed.</source>
        <translation>{rest} inabaki deni.</translation>
    </message>
</context>
<context>
    <name>_Story</name>
    <message>
        <source>Patient has a code</source>
        <translation>Mgonjwa ana kodi</translation>
    </message>
    <message>
        <source>Serve next patient</source>
        <translation>Hudumia anayefuata</translation>
    </message>
    <message>
        <source>{ask} in {time}</source>
        <translation>{ask} baada ya {time}</translation>
    </message>
</context>
<context>
    <name>_Summary</name>
    <message>
        <source>What was found</source>
        <translation>Kilichopatikana</translation>
    </message>
    <message>
        <source>Opening + in − out = closing</source>
        <translation>Mwanzo + zilizoingia − zilizotoka = mwisho</translation>
    </message>
    <message>
        <source>Opening + in − out, and closing</source>
        <translation>Mwanzo + zilizoingia − zilizotoka, na mwisho</translation>
    </message>
</context>
<context>
    <name>_Taken</name>
    <message>
        <source>Give change</source>
        <translation>Rudisha chenji</translation>
    </message>
    <message>
        <source>Taken, nothing to give back</source>
        <translation>Imepokelewa, hakuna chenji</translation>
    </message>
    <message>
        <source>{rest} stays owed.</source>
        <translation>{rest} inabaki deni.</translation>
    </message>
</context>
<context>
    <name>arrival</name>
    <message>
        <source>{name} paid {amount} by Paybill</source>
        <translation>{name} amelipa {amount} kwa Paybill</translation>
    </message>
    <message>
        <source>The code is good: {name} paid {amount}</source>
        <translation>Kodi ya M-Pesa ni sahihi: {name} amelipa {amount}</translation>
    </message>
    <message>
        <source>{name} paid {amount} by M-Pesa</source>
        <translation>{name} amelipa {amount} kwa M-Pesa</translation>
    </message>
    <message>
        <source>receipt {no}</source>
        <translation>risiti {no}</translation>
    </message>
    <message>
        <source>{amount} is still owed.</source>
        <translation>Bado anadaiwa {amount}.</translation>
    </message>
    <message>
        <source>Nothing more is owed.</source>
        <translation>Hakuna deni tena.</translation>
    </message>
    <message>
        <source>{amount} came by Paybill while the phone rings</source>
        <translation>{amount} imekuja kwa Paybill simu ikiwa inaita</translation>
    </message>
    <message>
        <source>{amount} was proven by its code while the phone rings</source>
        <translation>{amount} imethibitishwa kwa kodi yake simu ikiwa inaita</translation>
    </message>
    <message>
        <source>Do not enter the PIN: a part is paid</source>
        <translation>Asiweke PIN: sehemu imelipwa</translation>
    </message>
    <message>
        <source>{came} ({code}). Stop waiting, then ask for the {rest} that is left.</source>
        <translation>{came} ({code}). Acha kusubiri, kisha omba {rest} iliyobaki.</translation>
    </message>
    <message>
        <source>Do not enter the PIN: it is paid</source>
        <translation>Asiweke PIN: imelipwa</translation>
    </message>
    <message>
        <source>{came} ({code}). Tell the patient to cancel on the phone, and stop waiting. A second payment would become a deposit.</source>
        <translation>{came} ({code}). Mwambie mgonjwa aghairi kwenye simu, na uache kusubiri. Malipo ya pili yatakuwa amana.</translation>
    </message>
    <message>
        <source>{amount} received</source>
        <translation>{amount} zimepokelewa</translation>
    </message>
    <message>
        <source>Paid by Paybill</source>
        <translation>Imelipwa kwa Paybill</translation>
    </message>
    <message>
        <source>Paid: the code is good</source>
        <translation>Imelipwa: kodi ni sahihi</translation>
    </message>
    <message>
        <source>Paid by M-Pesa</source>
        <translation>Imelipwa kwa M-Pesa</translation>
    </message>
    <message>
        <source>Paid by {payer}</source>
        <translation>Amelipa {payer}</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>Imelipwa</translation>
    </message>
    <message>
        <source>account {typed}</source>
        <translation>akaunti {typed}</translation>
    </message>
    <message>
        <source>The patient paid</source>
        <translation>Mgonjwa amelipa</translation>
    </message>
    <message>
        <source>No receipt yet</source>
        <translation>Bado hakuna risiti</translation>
    </message>
    <message>
        <source>No counter served this patient when the money came. Issue it here.</source>
        <translation>Hakuna kaunta iliyokuwa ikimhudumia mgonjwa huyu pesa zilipokuja. Itoe hapa.</translation>
    </message>
    <message>
        <source>Receipt {no} printed</source>
        <translation>Risiti {no} imechapishwa</translation>
    </message>
    <message>
        <source>Receipt {no} issued</source>
        <translation>Risiti {no} imetolewa</translation>
    </message>
    <message>
        <source>Receipt is being issued</source>
        <translation>Risiti inatolewa</translation>
    </message>
    <message>
        <source>Paid by Paybill: {amount}</source>
        <translation>Imelipwa kwa Paybill: {amount}</translation>
    </message>
    <message>
        <source>Paid, proven by its code: {amount}</source>
        <translation>Imelipwa, kodi imethibitishwa: {amount}</translation>
    </message>
    <message>
        <source>Paid by M-Pesa: {amount}</source>
        <translation>Imelipwa kwa M-Pesa: {amount}</translation>
    </message>
    <message>
        <source>It found its invoice by the account</source>
        <translation>Imepata ankara yake kwa akaunti</translation>
    </message>
    <message>
        <source>Safaricom confirmed the code</source>
        <translation>Safaricom imethibitisha kodi</translation>
    </message>
    <message>
        <source>A colleague found whose it is</source>
        <translation>Mwenzako amepata ni ya nani</translation>
    </message>
    <message>
        <source>from {payer}</source>
        <translation>kutoka {payer}</translation>
    </message>
    <message>
        <source>code {code}</source>
        <translation>kodi {code}</translation>
    </message>
    <message>
        <source>{amount} of it is the patient’s deposit now</source>
        <translation>{amount} kati yake sasa ni amana ya mgonjwa</translation>
    </message>
</context>
<context>
    <name>attempt</name>
    <message>
        <source>{name} paid after all: {amount}</source>
        <translation>{name} amelipa hatimaye: {amount}</translation>
    </message>
    <message>
        <source>{name} paid {amount}</source>
        <translation>{name} amelipa {amount}</translation>
    </message>
    <message>
        <source>M-Pesa {code} · receipt {no}</source>
        <translation>M-Pesa {code} · risiti {no}</translation>
    </message>
    <message>
        <source>{amount} of it is the patient&apos;s deposit now</source>
        <translation>{amount} kati yake sasa ni amana ya mgonjwa</translation>
    </message>
    <message>
        <source>{name}: not known yet</source>
        <translation>{name}: bado haijulikani</translation>
    </message>
    <message>
        <source>Do not take the money again before it is known.</source>
        <translation>Usipokee pesa tena kabla haijajulikana.</translation>
    </message>
    <message>
        <source>Choose {number} to see why, and what to do.</source>
        <translation>Chagua {number} uone sababu na la kufanya.</translation>
    </message>
    <message>
        <source>{name} has not paid</source>
        <translation>{name} hajalipa</translation>
    </message>
    <message>
        <source>It is tried again by itself.</source>
        <translation>Inajaribiwa tena yenyewe.</translation>
    </message>
    <message>
        <source>Paid, but the receipt is not issued yet</source>
        <translation>Imelipwa, lakini risiti bado haijatolewa</translation>
    </message>
    <message>
        <source>The phone was not asked</source>
        <translation>Simu haikuombwa</translation>
    </message>
    <message>
        <source>The request never reached the relay. Nothing was charged; ask again if you like.</source>
        <translation>Ombi halikufika kwenye relay. Hakuna kilichokatwa; omba tena ukipenda.</translation>
    </message>
</context>
<context>
    <name>code</name>
    <message>
        <source>Compare it with the message on the patient&apos;s phone, and type it again.</source>
        <extracomment>Letters and digits of an M-Pesa code (Daraja section 4: ``TAB1CD2EFG``). After this long a check is said to take its time.</extracomment>
        <translation>Ilinganishe na ujumbe kwenye simu ya mgonjwa, kisha iandike tena.</translation>
    </message>
    <message>
        <source>This code was used before</source>
        <translation>Kodi hii imetumika tayari</translation>
    </message>
    <message>
        <source>One code pays once. Ask the patient for another message, or for the money.</source>
        <translation>Kodi moja hulipa mara moja. Mwombe mgonjwa ujumbe mwingine, au pesa.</translation>
    </message>
    <message>
        <source>Safaricom knows no such code</source>
        <translation>Safaricom haina kodi kama hii</translation>
    </message>
    <message>
        <source>This money went to somebody else</source>
        <translation>Pesa hizi zilienda kwa mwingine</translation>
    </message>
    <message>
        <source>It was not paid to this hospital. The patient can call Safaricom (100).</source>
        <translation>Hazikulipwa kwa hospitali hii. Mgonjwa anaweza kupiga Safaricom (100).</translation>
    </message>
    <message>
        <source>This payment is too old to be taken by its code</source>
        <translation>Malipo haya ni ya zamani mno kupokewa kwa kodi</translation>
    </message>
    <message>
        <source>If it was paid to this hospital, a supervisor finds it among the unmatched money.</source>
        <translation>Ikiwa yalilipwa kwa hospitali hii, msimamizi atayapata kwenye pesa zisizo na mwenyewe.</translation>
    </message>
    <message>
        <source>This payment never went through</source>
        <translation>Malipo haya hayakukamilika</translation>
    </message>
    <message>
        <source>M-Pesa did not move the money. Ask the patient to pay again.</source>
        <translation>M-Pesa haikuhamisha pesa. Mwombe mgonjwa alipe tena.</translation>
    </message>
    <message>
        <source>Safaricom took this payment back</source>
        <translation>Safaricom imerudisha malipo haya</translation>
    </message>
    <message>
        <source>The money is on the payer&apos;s phone again. Ask the patient to pay again.</source>
        <translation>Pesa ziko tena kwenye simu ya mlipaji. Mwombe mgonjwa alipe tena.</translation>
    </message>
    <message>
        <source>This code paid another invoice</source>
        <translation>Kodi hii ililipa ankara nyingine</translation>
    </message>
    <message>
        <source>Its payer typed that invoice&apos;s account. A supervisor can move it if that was wrong.</source>
        <translation>Mlipaji aliandika akaunti ya ankara hiyo. Msimamizi anaweza kuihamisha ikiwa ni kosa.</translation>
    </message>
    <message>
        <source>The code was not accepted</source>
        <translation>Kodi haikukubaliwa</translation>
    </message>
    <message>
        <source>Ask a supervisor to look at it.</source>
        <translation>Mwombe msimamizi aiangalie.</translation>
    </message>
    <message>
        <source>A code has 10 letters and digits; this has {n}.</source>
        <translation>Kodi ina herufi na tarakimu 10; hii ina {n}.</translation>
    </message>
    <message>
        <source>10 letters and digits at the beginning of the M-Pesa message</source>
        <translation>Herufi na tarakimu 10 mwanzoni mwa ujumbe wa M-Pesa</translation>
    </message>
    <message>
        <source>Codes begin with a letter: is the {digit} the letter {letter}?</source>
        <translation>Kodi huanza kwa herufi: je, {digit} ni herufi {letter}?</translation>
    </message>
    <message>
        <source>{n} of 10</source>
        <translation>{n} kati ya 10</translation>
    </message>
    <message>
        <source>Look closely: O or 0, I or 1?</source>
        <translation>Tazama vizuri: O au 0, I au 1?</translation>
    </message>
    <message>
        <source>An O is easily taken for a 0, an I for a 1.</source>
        <translation>O hufanana na 0, na I hufanana na 1.</translation>
    </message>
    <message>
        <source>Its {amount} came on {when} and lies among the unmatched money.</source>
        <translation>{amount} yake ilikuja {when} na iko kwenye pesa zisizo na mwenyewe.</translation>
    </message>
    <message>
        <source>This code paid {invoice} for {name} on {when}</source>
        <translation>Kodi hii ililipa {invoice} ya {name}, {when}</translation>
    </message>
    <message>
        <source>, receipt {no}</source>
        <translation>, risiti {no}</translation>
    </message>
    <message>
        <source>, by {person}</source>
        <translation>, na {person}</translation>
    </message>
    <message>
        <source>No such payment was found in two days</source>
        <translation>Malipo kama haya hayakupatikana kwa siku mbili</translation>
    </message>
    <message>
        <source>If the patient still shows the message, call a supervisor.</source>
        <translation>Mgonjwa akiendelea kuonyesha ujumbe, mwite msimamizi.</translation>
    </message>
    <message>
        <source>The relay is away</source>
        <translation>Relay haipatikani</translation>
    </message>
    <message>
        <source>Whether the code is good cannot be seen just now. It comes here once the connection is back.</source>
        <translation>Kwa sasa haijulikani kama kodi ni sahihi. Jibu litakuja hapa mtandao ukirudi.</translation>
    </message>
    <message>
        <source>Safaricom is asked; it takes a few seconds. You can serve the next patient meanwhile.</source>
        <translation>Safaricom inaulizwa; inachukua sekunde chache. Unaweza kumhudumia mgonjwa mwingine.</translation>
    </message>
    <message>
        <source>Safaricom takes its time. It is asked again by itself; once the money is proven the receipt is issued, and you are told. Nothing counts before that.</source>
        <translation>Safaricom inachelewa. Inaulizwa tena yenyewe; pesa zikithibitishwa risiti inatolewa, na utaambiwa. Kabla ya hapo hakuna kinachohesabiwa.</translation>
    </message>
    <message>
        <source>Checking the code</source>
        <translation>Kodi inaangaliwa</translation>
    </message>
    <message>
        <source>Code sent</source>
        <translation>Kodi imetumwa</translation>
    </message>
    <message>
        <source>asked again in {time}</source>
        <translation>inaulizwa tena baada ya {time}</translation>
    </message>
    <message>
        <source>being asked now</source>
        <translation>inaulizwa sasa</translation>
    </message>
    <message>
        <source>Safaricom looks for the payment</source>
        <translation>Safaricom inatafuta malipo</translation>
    </message>
    <message>
        <source>Receipt prints by itself</source>
        <translation>Risiti inachapishwa yenyewe</translation>
    </message>
    <message>
        <source>Receipt is issued by itself</source>
        <translation>Risiti inatolewa yenyewe</translation>
    </message>
    <message>
        <source>{name}, code {code}: {what}</source>
        <translation>{name}, kodi {code}: {what}</translation>
    </message>
    <message>
        <source>The relay did not answer</source>
        <translation>Relay haikujibu</translation>
    </message>
    <message>
        <source>It is asked again by itself. Asking twice counts the code only once.</source>
        <translation>Inaulizwa tena yenyewe. Kuuliza mara mbili huhesabu kodi mara moja tu.</translation>
    </message>
</context>
<context>
    <name>cure</name>
    <message>
        <source>Install and start one: gnome-keyring or KWallet, in a session with D-Bus (Debian, Ubuntu: apt install gnome-keyring dbus-user-session, then sign in anew).</source>
        <translation>Sakinisha na uanzishe mojawapo: gnome-keyring au KWallet, kwenye kikao chenye D-Bus (Debian, Ubuntu: apt install gnome-keyring dbus-user-session, kisha ingia upya).</translation>
    </message>
    <message>
        <source>Windows keeps it itself: sign in with a user account that has a profile, and start HMIS POS again.</source>
        <translation>Windows huitunza yenyewe: ingia kwa akaunti yenye wasifu, kisha anzisha HMIS POS upya.</translation>
    </message>
    <message>
        <source>Unlock the login keychain (Keychain Access) and start HMIS POS again.</source>
        <translation>Fungua login keychain (Keychain Access), kisha anzisha HMIS POS upya.</translation>
    </message>
    <message>
        <source>Unlock it when it asks (usually the password of this computer&apos;s user), then start HMIS POS again.</source>
        <translation>Ifungue inapouliza (kwa kawaida nenosiri la mtumiaji wa kompyuta hii), kisha anzisha HMIS POS upya.</translation>
    </message>
    <message>
        <source>Allow only its owner to read it: chmod 600 {path}</source>
        <translation>Ruhusu mwenye nayo pekee kuisoma: chmod 600 {path}</translation>
    </message>
    <message>
        <source>Name another file in HMIS_KEYRING.</source>
        <translation>Taja faili nyingine kwenye HMIS_KEYRING.</translation>
    </message>
    <message>
        <source>Leave it out to use this computer&apos;s keyring; file:/path/to/keys is for demo and training only.</source>
        <translation>Iache tupu ili kutumia keyring ya kompyuta hii; file:/path/to/keys ni ya majaribio na mafunzo tu.</translation>
    </message>
    <message>
        <source>It may hold: {names}; each a text.</source>
        <translation>Inaweza kuwa na: {names}; kila moja ni maandishi.</translation>
    </message>
    <message>
        <source>Correct the environment and start again.</source>
        <translation>Sahihisha mazingira, kisha anzisha upya.</translation>
    </message>
    <message>
        <source>Keys are kept in the file {file}, readable without a password. For demo and training only.</source>
        <translation>Funguo ziko kwenye faili {file}, inayosomeka bila nenosiri. Ya majaribio na mafunzo tu.</translation>
    </message>
</context>
<context>
    <name>invoice</name>
    <message>
        <source>{insurer} member</source>
        <extracomment>Earlier payments shown; the list of payments has the rest. the hospital cancelled it what this till took for it and has not sent yet, in a sentence</extracomment>
        <translation>Mwanachama wa {insurer}</translation>
    </message>
    <message>
        <source>queued {day}</source>
        <translation>foleni {day}</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Jumla</translation>
    </message>
    <message>
        <source>Insurance</source>
        <translation>Bima</translation>
    </message>
    <message>
        <source>{insurer} covers</source>
        <translation>{insurer} inalipa</translation>
    </message>
    <message>
        <source>Waiver</source>
        <translation>Msamaha</translation>
    </message>
    <message>
        <source>Already paid</source>
        <translation>Imelipwa tayari</translation>
    </message>
    <message>
        <source>To pay</source>
        <translation>Ya kulipa</translation>
    </message>
    <message>
        <source>{amount} of it was taken here and is not sent yet</source>
        <translation>{amount} kati yake imepokelewa hapa na haijatumwa</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>haijatumwa</translation>
    </message>
</context>
<context>
    <name>mpesa</name>
    <message>
        <source>Take cash now and tell IT: asking again gives the same answer until it is mended.</source>
        <translation>Pokea taslimu sasa na uwaambie IT: kuomba tena kutaleta jibu lile lile hadi irekebishwe.</translation>
    </message>
    <message>
        <source>The phone did not ring, nothing was charged. Ask again, or take cash.</source>
        <translation>Simu haikulia, hakuna kilichokatwa. Omba tena, au pokea taslimu.</translation>
    </message>
    <message>
        <source>The phone may have rung all the same. Do not ask again: Safaricom is asked, and the result comes here.</source>
        <translation>Huenda simu ililia hata hivyo. Usiombe tena: Safaricom inaulizwa, na jibu litakuja hapa.</translation>
    </message>
    <message>
        <source>The phone did not ring, nothing was charged. Ask again when the countdown ends.</source>
        <translation>Simu haikulia, hakuna kilichokatwa. Omba tena muda ukiisha.</translation>
    </message>
    <message>
        <source>Paid</source>
        <extracomment>Daraja section 2, &quot;STK result codes&quot;, row by row.</extracomment>
        <translation>Imelipwa</translation>
    </message>
    <message>
        <source>The money is on the hospital&apos;s account.</source>
        <translation>Pesa ziko kwenye akaunti ya hospitali.</translation>
    </message>
    <message>
        <source>Not enough money on M-Pesa</source>
        <translation>Pesa kwenye M-Pesa hazitoshi</translation>
    </message>
    <message>
        <source>Nothing was charged. Ask for a smaller part, another phone, or take cash.</source>
        <translation>Hakuna kilichokatwa. Omba kiasi kidogo, simu nyingine, au pokea taslimu.</translation>
    </message>
    <message>
        <source>The amount is too small for M-Pesa</source>
        <translation>Kiasi ni kidogo mno kwa M-Pesa</translation>
    </message>
    <message>
        <source>Nothing was charged. Take it in cash.</source>
        <translation>Hakuna kilichokatwa. Pokea taslimu.</translation>
    </message>
    <message>
        <source>The amount is too big for one M-Pesa payment</source>
        <translation>Kiasi ni kikubwa mno kwa malipo moja ya M-Pesa</translation>
    </message>
    <message>
        <source>Nothing was charged. Ask for a smaller part and take the rest another way.</source>
        <translation>Hakuna kilichokatwa. Omba kiasi kidogo na upokee kilichobaki kwa njia nyingine.</translation>
    </message>
    <message>
        <source>The patient&apos;s daily M-Pesa limit is used up</source>
        <translation>Kikomo cha M-Pesa cha siku cha mgonjwa kimeisha</translation>
    </message>
    <message>
        <source>The hospital&apos;s M-Pesa account cannot take this amount</source>
        <translation>Akaunti ya M-Pesa ya hospitali haiwezi kupokea kiasi hiki</translation>
    </message>
    <message>
        <source>Nothing was charged. Take cash now and tell finance: the account&apos;s limit is reached.</source>
        <translation>Hakuna kilichokatwa. Pokea taslimu sasa na uwaambie idara ya fedha: akaunti imefika kikomo.</translation>
    </message>
    <message>
        <source>M-Pesa refuses the same amount twice within two minutes</source>
        <translation>M-Pesa inakataa kiasi kile kile mara mbili ndani ya dakika mbili</translation>
    </message>
    <message>
        <source>Nothing was charged by this request. Ask again when the countdown ends.</source>
        <translation>Ombi hili halikukata chochote. Omba tena muda ukiisha.</translation>
    </message>
    <message>
        <source>M-Pesa is busy</source>
        <translation>M-Pesa ina shughuli nyingi</translation>
    </message>
    <message>
        <source>Ask again when the countdown ends, or take cash.</source>
        <translation>Omba tena muda ukiisha, au pokea taslimu.</translation>
    </message>
    <message>
        <source>The phone is busy with another M-Pesa request</source>
        <translation>Simu ina ombi lingine la M-Pesa</translation>
    </message>
    <message>
        <source>Nothing was charged. Let the patient close what is open on the phone, ask again after the countdown.</source>
        <translation>Hakuna kilichokatwa. Mgonjwa afunge kilicho wazi kwenye simu, kisha omba tena muda ukiisha.</translation>
    </message>
    <message>
        <source>The request ran out before the PIN came</source>
        <translation>Ombi liliisha muda kabla ya PIN</translation>
    </message>
    <message>
        <source>Nothing was charged. Ask again with the phone in the patient&apos;s hand.</source>
        <translation>Hakuna kilichokatwa. Omba tena mgonjwa akiwa ameshika simu.</translation>
    </message>
    <message>
        <source>The request did not reach the phone</source>
        <translation>Ombi halikufika kwenye simu</translation>
    </message>
    <message>
        <source>Nothing was charged. Ask again, or take cash.</source>
        <translation>Hakuna kilichokatwa. Omba tena, au pokea taslimu.</translation>
    </message>
    <message>
        <source>Nobody answered on the phone</source>
        <translation>Hakuna aliyejibu kwenye simu</translation>
    </message>
    <message>
        <source>The patient cancelled on the phone</source>
        <translation>Mgonjwa ameghairi kwenye simu</translation>
    </message>
    <message>
        <source>Nothing was charged. Ask the patient, then ask again or take cash.</source>
        <translation>Hakuna kilichokatwa. Muulize mgonjwa, kisha omba tena au pokea taslimu.</translation>
    </message>
    <message>
        <source>The phone could not be reached</source>
        <translation>Simu haikupatikana</translation>
    </message>
    <message>
        <source>It may be off, out of network, or nobody looked. Check phone and number, then ask again.</source>
        <translation>Huenda imezimwa, haina mtandao, au haikuangaliwa. Kagua simu na namba, kisha omba tena.</translation>
    </message>
    <message>
        <source>The PIN was wrong</source>
        <translation>PIN haikuwa sahihi</translation>
    </message>
    <message>
        <source>Nothing was charged. Ask again; the patient types the PIN with care.</source>
        <translation>Hakuna kilichokatwa. Omba tena; mgonjwa aweke PIN kwa makini.</translation>
    </message>
    <message>
        <source>The hospital&apos;s M-Pesa number is set up wrongly</source>
        <translation>Namba ya M-Pesa ya hospitali imewekwa vibaya</translation>
    </message>
    <message>
        <source>Till and Paybill are mixed up in the settings</source>
        <translation>Till na Paybill zimechanganywa kwenye mipangilio</translation>
    </message>
    <message>
        <source>Safaricom is still working on it</source>
        <translation>Safaricom bado inashughulikia</translation>
    </message>
    <message>
        <source>Do not ask again. The result comes here.</source>
        <translation>Usiombe tena. Jibu litakuja hapa.</translation>
    </message>
    <message>
        <source>The patient&apos;s M-Pesa PIN is locked</source>
        <translation>PIN ya M-Pesa ya mgonjwa imefungwa</translation>
    </message>
    <message>
        <source>Nothing was charged. Safaricom unlocks it (call 100); use another phone or take cash.</source>
        <translation>Hakuna kilichokatwa. Safaricom huifungua (piga 100); tumia simu nyingine au pokea taslimu.</translation>
    </message>
    <message>
        <source>The hospital&apos;s M-Pesa number is not known to Safaricom</source>
        <translation>Safaricom haijui namba ya M-Pesa ya hospitali</translation>
    </message>
    <message>
        <source>Safaricom does not accept this phone number</source>
        <translation>Safaricom haikubali namba hii ya simu</translation>
    </message>
    <message>
        <source>Nothing was charged. Check the number with the patient, or take cash.</source>
        <translation>Hakuna kilichokatwa. Hakiki namba na mgonjwa, au pokea taslimu.</translation>
    </message>
    <message>
        <source>M-Pesa refuses the hospital&apos;s settings</source>
        <translation>M-Pesa inakataa mipangilio ya hospitali</translation>
    </message>
    <message>
        <source>M-Pesa refused the request</source>
        <translation>M-Pesa imekataa ombi</translation>
    </message>
    <message>
        <source>Safaricom did not answer clearly</source>
        <translation>Safaricom haikujibu waziwazi</translation>
    </message>
    <message>
        <source>Safaricom does not accept this amount</source>
        <extracomment>Daraja section 0: errors at the door, by the key the relay keeps (the code, with ``:word`` where the message decides).</extracomment>
        <translation>Safaricom haikubali kiasi hiki</translation>
    </message>
    <message>
        <source>Nothing was charged. Ask for another amount, or take cash.</source>
        <translation>Hakuna kilichokatwa. Omba kiasi kingine, au pokea taslimu.</translation>
    </message>
    <message>
        <source>M-Pesa has too many requests just now</source>
        <translation>M-Pesa ina maombi mengi mno sasa</translation>
    </message>
    <message>
        <source>The hospital&apos;s M-Pesa number is not live</source>
        <translation>Namba ya M-Pesa ya hospitali haijawashwa</translation>
    </message>
    <message>
        <source>The hospital&apos;s M-Pesa quota is used up for now</source>
        <translation>Mgao wa M-Pesa wa hospitali umeisha kwa sasa</translation>
    </message>
    <message>
        <source>Safaricom could not be reached</source>
        <extracomment>Codes of our own gateway and of our own clock.</extracomment>
        <translation>Safaricom haikupatikana</translation>
    </message>
    <message>
        <source>Safaricom did not let the hospital in just now</source>
        <translation>Safaricom haikuiruhusu hospitali kuingia sasa hivi</translation>
    </message>
    <message>
        <source>Safaricom did not answer</source>
        <translation>Safaricom haikujibu</translation>
    </message>
    <message>
        <source>Safaricom gave no number to ask by</source>
        <translation>Safaricom haikutoa namba ya kuulizia</translation>
    </message>
    <message>
        <source>A message came that nobody can vouch for</source>
        <translation>Ujumbe umekuja ambao hauwezi kuthibitishwa</translation>
    </message>
    <message>
        <source>It counts for nothing until Safaricom itself says so. Safaricom is being asked.</source>
        <translation>Hauhesabiki hadi Safaricom yenyewe iseme. Safaricom inaulizwa.</translation>
    </message>
    <message>
        <source>Safaricom has not said how it ended</source>
        <translation>Safaricom haijasema iliishaje</translation>
    </message>
    <message>
        <source>The patient may have paid. Do not take the money again: we go on asking and will tell you here.</source>
        <translation>Huenda mgonjwa amelipa. Usipokee pesa tena: tunaendelea kuuliza na tutakuambia hapa.</translation>
    </message>
    <message>
        <source>No payment was found in two days</source>
        <translation>Hakuna malipo yaliyopatikana kwa siku mbili</translation>
    </message>
    <message>
        <source>You may ask again. If the patient shows a message from M-Pesa, call a supervisor.</source>
        <translation>Unaweza kuomba tena. Mgonjwa akionyesha ujumbe wa M-Pesa, mwite msimamizi.</translation>
    </message>
    <message>
        <source>M-Pesa gave no reason</source>
        <translation>M-Pesa haikutoa sababu</translation>
    </message>
    <message>
        <source>Ask the patient what the phone says. A supervisor can look it up.</source>
        <translation>Muulize mgonjwa simu inasema nini. Msimamizi anaweza kuangalia.</translation>
    </message>
    <message>
        <source>M-Pesa gave a code nobody has documented ({code})</source>
        <translation>M-Pesa imetoa kodi isiyojulikana ({code})</translation>
    </message>
    <message>
        <source>Nobody can tell yet whether money moved. Do not ask again: Safaricom is asked, then a person looks.</source>
        <translation>Bado haijulikani kama pesa zimehama. Usiombe tena: Safaricom inaulizwa, kisha mtu ataangalia.</translation>
    </message>
</context>
<context>
    <name>mpesa-form</name>
    <message>
        <source>Ask for one shilling or more.</source>
        <translation>Omba shilingi moja au zaidi.</translation>
    </message>
    <message>
        <source>Whole shillings only: M-Pesa moves no cents.</source>
        <translation>Shilingi kamili tu: M-Pesa haitumi senti.</translation>
    </message>
    <message>
        <source>Only {owed} is owed.</source>
        <translation>Deni ni {owed} tu.</translation>
    </message>
    <message>
        <source>Rounded up from {owed}: M-Pesa moves whole shillings.</source>
        <translation>Imepandishwa kutoka {owed}: M-Pesa hutuma shilingi kamili.</translation>
    </message>
    <message>
        <source>{rest} stays due: M-Pesa moves whole shillings.</source>
        <translation>{rest} inabaki deni: M-Pesa hutuma shilingi kamili.</translation>
    </message>
    <message>
        <source>{rest} stays due.</source>
        <translation>{rest} inabaki deni.</translation>
    </message>
</context>
<context>
    <name>mpesa-panel</name>
    <message>
        <source>Nothing is owed on this invoice</source>
        <translation>Ankara hii haina deni</translation>
    </message>
    <message>
        <source>M-Pesa needs the relay, and the relay is away</source>
        <translation>M-Pesa inahitaji relay, nayo haipatikani</translation>
    </message>
    <message>
        <source>Take cash. M-Pesa comes back by itself with the connection.</source>
        <translation>Pokea taslimu. M-Pesa itarudi yenyewe mtandao ukirudi.</translation>
    </message>
    <message>
        <source>M-Pesa needs you to sign in with the relay</source>
        <translation>M-Pesa inahitaji uingie kupitia relay</translation>
    </message>
    <message>
        <source>Sign in again, or take cash meanwhile.</source>
        <translation>Ingia tena, au pokea taslimu kwa sasa.</translation>
    </message>
    <message>
        <source>Ask for {amount}</source>
        <translation>Omba {amount}</translation>
    </message>
    <message>
        <source>Ask the phone</source>
        <translation>Omba simu</translation>
    </message>
    <message>
        <source>Ask {phone} for</source>
        <translation>Omba {phone}</translation>
    </message>
    <message>
        <source>Ask for</source>
        <translation>Omba</translation>
    </message>
    <message>
        <source>Pressing twice asks the phone only once.</source>
        <translation>Ukibonyeza mara mbili simu inaombwa mara moja tu.</translation>
    </message>
    <message>
        <source>Another counter has this patient: take over first</source>
        <translation>Kaunta nyingine ina mgonjwa huyu: mchukue kwanza</translation>
    </message>
    <message>
        <source>M-Pesa refuses it for another {time}</source>
        <translation>M-Pesa inakataa kwa {time} zaidi</translation>
    </message>
    <message>
        <source>Issue the receipt</source>
        <translation>Toa risiti</translation>
    </message>
    <message>
        <source>Serve next patient</source>
        <translation>Hudumia anayefuata</translation>
    </message>
    <message>
        <source>Asking {phone} for</source>
        <translation>Inaomba {phone}</translation>
    </message>
    <message>
        <source>Asked {phone} for</source>
        <translation>Iliomba {phone}</translation>
    </message>
    <message>
        <source>the phone</source>
        <translation>simu</translation>
    </message>
    <message>
        <source>Change phone or amount</source>
        <translation>Badilisha simu au kiasi</translation>
    </message>
    <message>
        <source>Stop waiting</source>
        <translation>Acha kusubiri</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>Kagua sasa</translation>
    </message>
    <message>
        <source>If you stop, the patient may still be charged. It will be found.</source>
        <translation>Ukiacha, mgonjwa bado anaweza kukatwa. Malipo yatapatikana.</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>Omba tena</translation>
    </message>
    <message>
        <source>The patient may still pay the first request. Safaricom is asked; once it says no you can ask again.</source>
        <translation>Mgonjwa bado anaweza kulipa ombi la kwanza. Safaricom inaulizwa; ikisema hapana unaweza kuomba tena.</translation>
    </message>
    <message>
        <source>Asking the same again gives the same answer. Change the phone or the amount.</source>
        <translation>Kuomba vile vile kutaleta jibu lile lile. Badilisha simu au kiasi.</translation>
    </message>
    <message>
        <source>The money may still come, so a second request could charge twice.</source>
        <translation>Pesa bado zinaweza kuja, kwa hiyo ombi la pili linaweza kukata mara mbili.</translation>
    </message>
</context>
<context>
    <name>mpesa-story</name>
    <message>
        <source>Asking Safaricom</source>
        <extracomment>A prompt is taken for silent after this long (the relay&apos;s own deadline). Our gateway&apos;s own codes: Safaricom said nothing that can be read. Codes that only say that nothing is known.</extracomment>
        <translation>Inaiuliza Safaricom</translation>
    </message>
    <message>
        <source>The phone rings in a moment. Ask the patient to have it at hand.</source>
        <translation>Simu italia punde. Mwambie mgonjwa aishike.</translation>
    </message>
    <message>
        <source>Waiting for the patient’s PIN</source>
        <translation>Inasubiri PIN ya mgonjwa</translation>
    </message>
    <message>
        <source>Ask the patient to look at the phone and enter the M-Pesa PIN. You can serve the next patient meanwhile.</source>
        <translation>Mwambie mgonjwa aangalie simu na aweke PIN ya M-Pesa. Unaweza kumhudumia anayefuata kwa sasa.</translation>
    </message>
    <message>
        <source>You stopped waiting</source>
        <translation>Umeacha kusubiri</translation>
    </message>
    <message>
        <source>The patient may still be charged. If the money comes it is found, and the receipt is issued by itself.</source>
        <translation>Mgonjwa bado anaweza kukatwa. Pesa zikija zitapatikana, na risiti itatolewa yenyewe.</translation>
    </message>
    <message>
        <source>The relay is away</source>
        <translation>Relay haipatikani</translation>
    </message>
    <message>
        <source>Whether the patient pays cannot be seen just now. Do not take the money again: the result comes here once the connection is back.</source>
        <translation>Haiwezi kuonekana sasa kama mgonjwa amelipa. Usipokee pesa tena: jibu litakuja hapa mtandao ukirudi.</translation>
    </message>
    <message>
        <source>The relay did not answer. The phone may have rung and the patient may have paid. Do not take the money again: we look it up and will tell you here.</source>
        <translation>Relay haikujibu. Huenda simu ililia na mgonjwa amelipa. Usipokee pesa tena: tunaangalia na tutakuambia hapa.</translation>
    </message>
    <message>
        <source>Safaricom did not answer. The patient may have paid. Do not take the money again: we ask every few minutes and will tell you here.</source>
        <translation>Safaricom haikujibu. Huenda mgonjwa amelipa. Usipokee pesa tena: tunauliza kila dakika chache na tutakuambia hapa.</translation>
    </message>
    <message>
        <source>{what}, but that is not certain yet. {text}</source>
        <translation>{what}, lakini bado si hakika. {text}</translation>
    </message>
    <message>
        <source>Do not take the money again: we ask once more and will tell you here.</source>
        <translation>Usipokee pesa tena: tunauliza mara nyingine na tutakuambia hapa.</translation>
    </message>
    <message>
        <source>We do not know yet</source>
        <translation>Bado hatujui</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>Imelipwa</translation>
    </message>
    <message>
        <source>{amount} received</source>
        <translation>{amount} zimepokelewa</translation>
    </message>
    <message>
        <source>Safaricom confirms it, its code has not come yet</source>
        <translation>Safaricom inathibitisha, kodi yake bado haijaja</translation>
    </message>
    <message>
        <source>{amount} was asked: tell the patient</source>
        <translation>{amount} iliombwa: mwambie mgonjwa</translation>
    </message>
    <message>
        <source>{amount} of it is the patient’s deposit now</source>
        <translation>{amount} kati yake sasa ni amana ya mgonjwa</translation>
    </message>
    <message>
        <source>Request accepted by Safaricom</source>
        <translation>Ombi limekubaliwa na Safaricom</translation>
    </message>
    <message>
        <source>Request refused, the phone did not ring</source>
        <translation>Ombi limekataliwa, simu haikulia</translation>
    </message>
    <message>
        <source>Request sent</source>
        <translation>Ombi limetumwa</translation>
    </message>
    <message>
        <source>The phone rings</source>
        <translation>Simu inalia</translation>
    </message>
    <message>
        <source>Phone prompted, no answer yet</source>
        <translation>Simu imeombwa, bado hakuna jibu</translation>
    </message>
    <message>
        <source>Patient paid</source>
        <translation>Mgonjwa amelipa</translation>
    </message>
    <message>
        <source>Stopped waiting, still being looked for</source>
        <translation>Umeacha kusubiri, bado yanatafutwa</translation>
    </message>
    <message>
        <source>No result yet</source>
        <translation>Bado hakuna jibu</translation>
    </message>
    <message>
        <source>No result after {seconds} s</source>
        <translation>Hakuna jibu baada ya sekunde {seconds}</translation>
    </message>
    <message>
        <source>No result after {time}</source>
        <translation>Hakuna jibu baada ya {time}</translation>
    </message>
    <message>
        <source>Receipt {no} printed</source>
        <translation>Risiti {no} imechapishwa</translation>
    </message>
    <message>
        <source>Receipt {no} issued</source>
        <translation>Risiti {no} imetolewa</translation>
    </message>
    <message>
        <source>Receipt is being issued</source>
        <translation>Risiti inatolewa</translation>
    </message>
    <message>
        <source>Its own counter issues the receipt</source>
        <translation>Kaunta yake ndiyo itatoa risiti</translation>
    </message>
    <message>
        <source>Receipt prints by itself</source>
        <translation>Risiti inachapishwa yenyewe</translation>
    </message>
    <message>
        <source>Receipt is issued by itself</source>
        <translation>Risiti inatolewa yenyewe</translation>
    </message>
    <message>
        <source>asking Safaricom now</source>
        <translation>inaiuliza Safaricom sasa</translation>
    </message>
    <message>
        <source>asking Safaricom again at {time}</source>
        <translation>itaiuliza Safaricom tena saa {time}</translation>
    </message>
    <message>
        <source>looked up as soon as the relay answers</source>
        <translation>itaangaliwa relay ikijibu</translation>
    </message>
    <message>
        <source>next check in {time}</source>
        <translation>ukaguzi ujao baada ya {time}</translation>
    </message>
    <message>
        <source>checking now</source>
        <translation>inakagua sasa</translation>
    </message>
    <message>
        <source>1 check so far</source>
        <translation>ukaguzi 1 hadi sasa</translation>
    </message>
    <message>
        <source>{n} checks so far</source>
        <translation>kaguzi {n} hadi sasa</translation>
    </message>
</context>
<context>
    <name>patient-display</name>
    <message>
        <source>Welcome</source>
        <translation>Karibu</translation>
    </message>
    <message>
        <source>Please have your invoice or patient number ready.</source>
        <translation>Tafadhali kuwa na namba ya ankara au ya mgonjwa tayari.</translation>
    </message>
    <message>
        <source>To pay, KSh</source>
        <translation>Ya kulipa, KSh</translation>
    </message>
    <message>
        <source>Pay here, or with M-Pesa from your own phone</source>
        <translation>Lipa hapa, au kwa M-Pesa kutoka simu yako</translation>
    </message>
    <message>
        <source>Paybill</source>
        <translation>Paybill</translation>
    </message>
    <message>
        <source>Till number</source>
        <translation>Namba ya Till</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Akaunti</translation>
    </message>
    <message>
        <source>Enter your M-Pesa PIN on {phone}</source>
        <translation>Weka PIN yako ya M-Pesa kwenye {phone}</translation>
    </message>
    <message>
        <source>Enter your M-Pesa PIN on your phone</source>
        <translation>Weka PIN yako ya M-Pesa kwenye simu yako</translation>
    </message>
    <message>
        <source>We are looking for your payment. Please do not pay again.</source>
        <translation>Tunatafuta malipo yako. Tafadhali usilipe tena.</translation>
    </message>
    <message>
        <source>Paid, thank you</source>
        <translation>Imelipwa, asante</translation>
    </message>
    <message>
        <source>Do not enter the PIN any more: it is paid.</source>
        <translation>Usiweke PIN tena: imelipwa.</translation>
    </message>
    <message>
        <source>Your change, KSh</source>
        <translation>Chenji yako, KSh</translation>
    </message>
    <message>
        <source>Received: {amount}</source>
        <translation>Imepokewa: {amount}</translation>
    </message>
    <message>
        <source>Still to pay: {amount}</source>
        <translation>Bado ya kulipa: {amount}</translation>
    </message>
</context>
<context>
    <name>payment</name>
    <message>
        <source>asking</source>
        <translation>inaomba</translation>
    </message>
    <message>
        <source>waiting for the PIN</source>
        <translation>inasubiri PIN</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>bado haijulikani</translation>
    </message>
    <message>
        <source>paid</source>
        <translation>imelipwa</translation>
    </message>
    <message>
        <source>not paid</source>
        <translation>haijalipwa</translation>
    </message>
    <message>
        <source>not paid, nothing found</source>
        <translation>haijalipwa, hakuna kilichopatikana</translation>
    </message>
    <message>
        <source>stopped waiting</source>
        <translation>kusubiri kumeachwa</translation>
    </message>
    <message>
        <source>partly given back</source>
        <translation>sehemu imerudishwa</translation>
    </message>
    <message>
        <source>given back</source>
        <translation>imerudishwa</translation>
    </message>
    <message>
        <source>Cash</source>
        <translation>Taslimu</translation>
    </message>
    <message>
        <source>M-Pesa</source>
        <translation>M-Pesa</translation>
    </message>
    <message>
        <source>Card</source>
        <translation>Kadi</translation>
    </message>
    <message>
        <source>PayPal</source>
        <translation>PayPal</translation>
    </message>
    <message>
        <source>Card machine</source>
        <translation>Mashine ya kadi</translation>
    </message>
    <message>
        <source>Bank transfer</source>
        <translation>Benki</translation>
    </message>
    <message>
        <source>Cheque</source>
        <translation>Hundi</translation>
    </message>
    <message>
        <source>Insurance</source>
        <translation>Bima</translation>
    </message>
    <message>
        <source>Request accepted, the phone is asked</source>
        <translation>Ombi limekubaliwa, simu inaombwa</translation>
    </message>
    <message>
        <source>Request refused, the phone was not asked</source>
        <translation>Ombi limekataliwa, simu haikuombwa</translation>
    </message>
    <message>
        <source>No answer to the request</source>
        <translation>Ombi halikujibiwa</translation>
    </message>
    <message>
        <source>Asked again: not decided yet</source>
        <translation>Imeulizwa tena: bado haijaamuliwa</translation>
    </message>
    <message>
        <source>No result in time</source>
        <translation>Hakuna jibu kwa wakati</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>Imelipwa</translation>
    </message>
    <message>
        <source>Said to be paid, waiting for proof</source>
        <translation>Inasemwa imelipwa, inasubiri uthibitisho</translation>
    </message>
    <message>
        <source>Asked again: paid</source>
        <translation>Imeulizwa tena: imelipwa</translation>
    </message>
    <message>
        <source>Not paid</source>
        <translation>Haijalipwa</translation>
    </message>
    <message>
        <source>The phone was not reached, being checked</source>
        <translation>Simu haikupatikana, inakaguliwa</translation>
    </message>
    <message>
        <source>An answer nobody can read for sure</source>
        <translation>Jibu lisiloeleweka kwa hakika</translation>
    </message>
    <message>
        <source>The cashier stopped waiting</source>
        <translation>Keshia aliacha kusubiri</translation>
    </message>
    <message>
        <source>Nothing found in two days</source>
        <translation>Hakuna kilichopatikana kwa siku mbili</translation>
    </message>
    <message>
        <source>Taken at the counter</source>
        <translation>Imepokelewa kwenye kaunta</translation>
    </message>
    <message>
        <source>Safaricom&apos;s message</source>
        <translation>ujumbe wa Safaricom</translation>
    </message>
    <message>
        <source>Safaricom&apos;s Paybill notice</source>
        <translation>taarifa ya Paybill ya Safaricom</translation>
    </message>
    <message>
        <source>our question about its code</source>
        <translation>swali letu kuhusu nambari yake</translation>
    </message>
    <message>
        <source>Safaricom&apos;s list of payments</source>
        <translation>Orodha ya malipo ya Safaricom</translation>
    </message>
    <message>
        <source>an imported statement</source>
        <translation>taarifa iliyoingizwa</translation>
    </message>
    <message>
        <source>our question to Safaricom</source>
        <translation>swali letu kwa Safaricom</translation>
    </message>
    <message>
        <source>Safaricom&apos;s answer to the request</source>
        <translation>jibu la Safaricom kwa ombi</translation>
    </message>
    <message>
        <source>the cashier</source>
        <translation>keshia</translation>
    </message>
    <message>
        <source>our clock</source>
        <translation>saa yetu</translation>
    </message>
    <message>
        <source>a till&apos;s receipt</source>
        <translation>risiti ya mashine</translation>
    </message>
    <message>
        <source>Paybill</source>
        <translation>Paybill</translation>
    </message>
    <message>
        <source>M-Pesa, by its code</source>
        <translation>M-Pesa, kwa kodi yake</translation>
    </message>
    <message>
        <source>M-Pesa, out of unmatched money</source>
        <translation>M-Pesa, kutoka pesa zisizo na mwenyewe</translation>
    </message>
</context>
<context>
    <name>payments</name>
    <message>
        <source>paid, refused by the relay</source>
        <translation>imelipwa, relay imekataa</translation>
    </message>
    <message>
        <source>paid, not sent yet</source>
        <translation>imelipwa, haijatumwa</translation>
    </message>
    <message>
        <source>Issue the receipt</source>
        <translation>Toa risiti</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Mgonjwa</translation>
    </message>
    <message>
        <source>Invoice</source>
        <translation>Ankara</translation>
    </message>
    <message>
        <source>Handed over</source>
        <translation>Iliyotolewa</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Iliyopokelewa</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Chenji</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>Risiti</translation>
    </message>
    <message>
        <source>M-Pesa code</source>
        <translation>Kodi ya M-Pesa</translation>
    </message>
    <message>
        <source>Cashier</source>
        <translation>Keshia</translation>
    </message>
    <message>
        <source>{method}, {amount}, {name}</source>
        <translation>{method}, {amount}, {name}</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>Iliombwa</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Imepokelewa</translation>
    </message>
    <message>
        <source>For the invoice</source>
        <translation>Ya ankara</translation>
    </message>
    <message>
        <source>Deposit</source>
        <translation>Amana</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Simu</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Kumbukumbu</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Akaunti</translation>
    </message>
    <message>
        <source>Came by</source>
        <translation>Ilikuja kwa</translation>
    </message>
    <message>
        <source>Account typed</source>
        <translation>Akaunti iliyoandikwa</translation>
    </message>
    <message>
        <source>Payer</source>
        <translation>Mlipaji</translation>
    </message>
    <message>
        <source>Paid at</source>
        <translation>Ililipwa saa</translation>
    </message>
    <message>
        <source>M-Pesa fee</source>
        <translation>Ada ya M-Pesa</translation>
    </message>
    <message>
        <source>Given back</source>
        <translation>Imerejeshwa</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>Ilianza</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>Ilikamilika</translation>
    </message>
    <message>
        <source>code {code}</source>
        <translation>kodi {code}</translation>
    </message>
    <message>
        <source>Refund…</source>
        <translation>Rejesha…</translation>
    </message>
    <message>
        <source>Print receipt again</source>
        <translation>Chapisha tena</translation>
    </message>
    <message>
        <source>Another till issued this receipt; it is printed there.</source>
        <translation>Mashine nyingine ilitoa risiti hii; inachapishwa huko.</translation>
    </message>
    <message>
        <source>Time</source>
        <extracomment>of the state, a ``views.Tone`` not at the relay yet</extracomment>
        <translation>Saa</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Njia</translation>
    </message>
    <message>
        <source>KES</source>
        <translation>KES</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Hali</translation>
    </message>
</context>
<context>
    <name>placing</name>
    <message>
        <source>Found</source>
        <extracomment>of the search; None while it runs</extracomment>
        <translation>Zilizopatikana</translation>
    </message>
    <message>
        <source>May be meant, best first</source>
        <translation>Huenda ni hizi, bora kwanza</translation>
    </message>
    <message>
        <source>Split…</source>
        <translation>Gawanya…</translation>
    </message>
    <message>
        <source>Refund…</source>
        <translation>Rejesha…</translation>
    </message>
    <message>
        <source>Move back…</source>
        <translation>Rudisha…</translation>
    </message>
    <message>
        <source>The relay is away; money is moved once it is back.</source>
        <translation>Relay haipatikani; pesa zitahamishwa itakaporudi.</translation>
    </message>
    <message>
        <source>Only a supervisor or administrator moves it back.</source>
        <translation>Ni msimamizi au admin tu anayezirudisha.</translation>
    </message>
    <message>
        <source>Choose an invoice</source>
        <translation>Chagua ankara</translation>
    </message>
    <message>
        <source>Assign {amount} to {invoice}</source>
        <translation>Pangia {invoice} {amount}</translation>
    </message>
    <message>
        <source>Add invoices, and an amount for each.</source>
        <translation>Ongeza ankara, na kiasi cha kila moja.</translation>
    </message>
    <message>
        <source>The shares are more than what came.</source>
        <translation>Mafungu yanazidi zilizokuja.</translation>
    </message>
    <message>
        <source>Assign {amount} in one share</source>
        <translation>Panga {amount} fungu moja</translation>
    </message>
    <message>
        <source>Assign {amount} in {n} shares</source>
        <translation>Panga {amount} mafungu {n}</translation>
    </message>
    <message>
        <source>{amount} left of {all}</source>
        <translation>{amount} imebaki kati ya {all}</translation>
    </message>
    <message>
        <source>All of it is placed</source>
        <translation>Zote zimepangwa</translation>
    </message>
    <message>
        <source>{amount} too much</source>
        <translation>{amount} imezidi</translation>
    </message>
    <message>
        <source>One invoice</source>
        <translation>Ankara moja</translation>
    </message>
    <message>
        <source>KSh {amount} from {invoice}, {name}, back among the unmatched money. The invoice is due again.</source>
        <translation>KSh {amount} kutoka {invoice}, {name}, zinarudi kwa pesa zisizo na mwenyewe. Ankara inadaiwa tena.</translation>
    </message>
    <message>
        <source>Move {amount} back</source>
        <translation>Rudisha {amount}</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>Inatafuta</translation>
    </message>
    <message>
        <source>No such invoice</source>
        <translation>Hakuna ankara kama hiyo</translation>
    </message>
    <message>
        <source>Search by name, patient number, invoice number or phone.</source>
        <translation>Tafuta kwa jina, nambari ya mgonjwa, nambari ya ankara au simu.</translation>
    </message>
    <message>
        <source>No invoice comes near</source>
        <translation>Hakuna ankara inayokaribia</translation>
    </message>
    <message>
        <source>Search for it by hand, or give the money back.</source>
        <translation>Itafute mwenyewe, au rejesha pesa.</translation>
    </message>
</context>
<context>
    <name>problem</name>
    <message>
        <source>What you were doing stays as it is.</source>
        <translation>Ulichokuwa ukifanya kinabaki vile vile.</translation>
    </message>
    <message>
        <source>Call IT. Nothing was taken.</source>
        <translation>Waite IT. Hakuna kilichopokelewa.</translation>
    </message>
    <message>
        <source>Cash goes on; receipts are sent by themselves later.</source>
        <translation>Taslimu inaendelea; risiti zitatumwa zenyewe baadaye.</translation>
    </message>
    <message>
        <source>Write it as 0712 345 678 or 0112 345 678.</source>
        <translation>Iandike kama 0712 345 678 au 0112 345 678.</translation>
    </message>
    <message>
        <source>This invoice is paid already</source>
        <extracomment>code -&gt; (what is the matter, what to do; empty: the error&apos;s own cure, which names this computer&apos;s ways). Codes of ``cashier``, the relay, the local store and the terminal&apos;s services.</extracomment>
        <translation>Ankara hii imelipwa tayari</translation>
    </message>
    <message>
        <source>Take no more money for it. Its payments are listed beside it.</source>
        <translation>Usipokee pesa zaidi. Malipo yake yako kando yake.</translation>
    </message>
    <message>
        <source>The hospital withdrew this invoice</source>
        <translation>Hospitali imeondoa ankara hii</translation>
    </message>
    <message>
        <source>Take no money. Send the patient back to billing.</source>
        <translation>Usipokee pesa. Mrudishe mgonjwa kwa idara ya malipo.</translation>
    </message>
    <message>
        <source>That is more than is owed</source>
        <translation>Hiyo ni zaidi ya deni</translation>
    </message>
    <message>
        <source>The amount to pay may have changed a moment ago. Look at it and take that, or less.</source>
        <translation>Huenda kiasi cha kulipa kimebadilika sasa hivi. Kiangalie upokee hicho, au kidogo.</translation>
    </message>
    <message>
        <source>Another counter has this patient</source>
        <translation>Kaunta nyingine ina mgonjwa huyu</translation>
    </message>
    <message>
        <source>Serve another patient, or take this one over if the patient stands before you.</source>
        <translation>Hudumia mgonjwa mwingine, au mchukue huyu ikiwa yuko mbele yako.</translation>
    </message>
    <message>
        <source>The hospital system has no such invoice any more</source>
        <translation>Mfumo wa hospitali hauna tena ankara hii</translation>
    </message>
    <message>
        <source>The money is in your drawer: give the receipt to a supervisor.</source>
        <translation>Pesa ziko kwenye droo yako: mpe msimamizi risiti.</translation>
    </message>
    <message>
        <source>It is not there any more</source>
        <translation>Haipo tena</translation>
    </message>
    <message>
        <source>Search for it again; it may have been paid, withdrawn or merged.</source>
        <translation>Itafute tena; huenda imelipwa, imeondolewa au imeunganishwa.</translation>
    </message>
    <message>
        <source>The amount is zero</source>
        <translation>Kiasi ni sifuri</translation>
    </message>
    <message>
        <source>Type what the patient gives.</source>
        <translation>Andika anachotoa mgonjwa.</translation>
    </message>
    <message>
        <source>M-Pesa moves whole shillings only</source>
        <translation>M-Pesa hutuma shilingi kamili tu</translation>
    </message>
    <message>
        <source>Ask for whole shillings; the cents stay due.</source>
        <translation>Omba shilingi kamili; senti zinabaki deni.</translation>
    </message>
    <message>
        <source>The amount is too small for M-Pesa</source>
        <translation>Kiasi ni kidogo mno kwa M-Pesa</translation>
    </message>
    <message>
        <source>Take it in cash.</source>
        <translation>Pokea taslimu.</translation>
    </message>
    <message>
        <source>The amount is too big for one M-Pesa payment</source>
        <translation>Kiasi ni kikubwa mno kwa malipo moja ya M-Pesa</translation>
    </message>
    <message>
        <source>Ask for a smaller part and take the rest another way.</source>
        <translation>Omba kiasi kidogo na upokee kilichobaki kwa njia nyingine.</translation>
    </message>
    <message>
        <source>That is less than is to be taken</source>
        <translation>Hiyo ni chini ya kinachopokelewa</translation>
    </message>
    <message>
        <source>Ask for the rest, or make it a part payment.</source>
        <translation>Omba iliyobaki, au ifanye malipo ya sehemu.</translation>
    </message>
    <message>
        <source>This invoice is in another currency</source>
        <translation>Ankara hii ni ya sarafu nyingine</translation>
    </message>
    <message>
        <source>M-Pesa takes Kenyan shillings only.</source>
        <translation>M-Pesa hupokea shilingi za Kenya tu.</translation>
    </message>
    <message>
        <source>A phone number has only digits</source>
        <translation>Namba ya simu ni tarakimu tu</translation>
    </message>
    <message>
        <source>Digits are missing</source>
        <translation>Tarakimu hazijatosha</translation>
    </message>
    <message>
        <source>There are too many digits</source>
        <translation>Tarakimu ni nyingi mno</translation>
    </message>
    <message>
        <source>A mobile number begins with 07 or 01</source>
        <translation>Namba ya simu huanza na 07 au 01</translation>
    </message>
    <message>
        <source>A request for this invoice is still open</source>
        <translation>Ombi la ankara hii bado liko wazi</translation>
    </message>
    <message>
        <source>It may yet be paid. Wait for its result; a second request could charge the patient twice.</source>
        <translation>Bado linaweza kulipwa. Subiri jibu lake; ombi la pili linaweza kumkata mgonjwa mara mbili.</translation>
    </message>
    <message>
        <source>The patient may still pay the request you stopped waiting for</source>
        <translation>Mgonjwa bado anaweza kulipa ombi uliloacha kusubiri</translation>
    </message>
    <message>
        <source>Safaricom is being asked. Once it says no you can ask again. Cash is possible now.</source>
        <translation>Safaricom inaulizwa. Ikisema hapana unaweza kuomba tena. Taslimu inawezekana sasa.</translation>
    </message>
    <message>
        <source>This phone was asked a moment ago</source>
        <translation>Simu hii imeombwa sasa hivi</translation>
    </message>
    <message>
        <source>M-Pesa refuses it now. Ask again when the countdown ends.</source>
        <translation>M-Pesa inakataa sasa. Omba tena muda ukiisha.</translation>
    </message>
    <message>
        <source>The same request was refused for good</source>
        <translation>Ombi hili hili limekataliwa kabisa</translation>
    </message>
    <message>
        <source>Change the amount or the phone, or take cash.</source>
        <translation>Badilisha kiasi au simu, au pokea taslimu.</translation>
    </message>
    <message>
        <source>The result has come meanwhile</source>
        <translation>Jibu limekuja tayari</translation>
    </message>
    <message>
        <source>Look at it on the screen.</source>
        <translation>Liangalie kwenye skrini.</translation>
    </message>
    <message>
        <source>M-Pesa is not set up here</source>
        <translation>M-Pesa haijawekwa hapa</translation>
    </message>
    <message>
        <source>Take cash, and ask IT to set it up.</source>
        <translation>Pokea taslimu, na uwaombe IT waiweke.</translation>
    </message>
    <message>
        <source>The same request is still running</source>
        <translation>Ombi hili hili bado linaendelea</translation>
    </message>
    <message>
        <source>Wait a moment; its result comes here.</source>
        <translation>Subiri kidogo; jibu lake litakuja hapa.</translation>
    </message>
    <message>
        <source>The request changed while it was under way</source>
        <translation>Ombi limebadilika likiendelea</translation>
    </message>
    <message>
        <source>Open the patient again and look what happened before you ask once more.</source>
        <translation>Mfungue mgonjwa tena na uangalie kilichotokea kabla ya kuomba tena.</translation>
    </message>
    <message>
        <source>This was recorded already</source>
        <translation>Hii imeandikwa tayari</translation>
    </message>
    <message>
        <source>Look at the payments of this invoice.</source>
        <translation>Angalia malipo ya ankara hii.</translation>
    </message>
    <message>
        <source>This slip number was used before</source>
        <translation>Namba hii ya stakabadhi imeshatumika</translation>
    </message>
    <message>
        <source>Check the slip; one slip settles once.</source>
        <translation>Kagua stakabadhi; moja hulipa mara moja.</translation>
    </message>
    <message>
        <source>The hospital holds another receipt under this number</source>
        <translation>Hospitali ina risiti nyingine yenye namba hii</translation>
    </message>
    <message>
        <source>The hospital does not know this till&apos;s receipt series</source>
        <translation>Hospitali haijui mfululizo wa risiti wa mashine hii</translation>
    </message>
    <message>
        <source>Keep the receipts. Ask IT to look at this till&apos;s enrolment.</source>
        <translation>Zitunze risiti. Waombe IT waangalie usajili wa mashine hii.</translation>
    </message>
    <message>
        <source>The hospital knows no finished payment for this receipt</source>
        <translation>Hospitali haina malipo yaliyokamilika ya risiti hii</translation>
    </message>
    <message>
        <source>Give the receipt to a supervisor.</source>
        <translation>Mpe msimamizi risiti.</translation>
    </message>
    <message>
        <source>Another till issued this receipt</source>
        <translation>Mashine nyingine imetoa risiti hii</translation>
    </message>
    <message>
        <source>Its number stands with the payment; it is printed there.</source>
        <translation>Namba yake iko pamoja na malipo; inachapishwa huko.</translation>
    </message>
    <message>
        <source>User or password is wrong</source>
        <translation>Mtumiaji au nenosiri si sahihi</translation>
    </message>
    <message>
        <source>Check both; Caps Lock may be on.</source>
        <translation>Kagua vyote; huenda Caps Lock imewashwa.</translation>
    </message>
    <message>
        <source>Check both. After five wrong tries this till waits 15 minutes.</source>
        <translation>Kagua vyote. Baada ya makosa matano mashine itasubiri dakika 15.</translation>
    </message>
    <message>
        <source>Too many wrong passwords</source>
        <translation>Nenosiri limekosewa mara nyingi mno</translation>
    </message>
    <message>
        <source>This account rests for a while. An administrator can help.</source>
        <translation>Akaunti hii imepumzishwa kwa muda. Msimamizi wa mfumo anaweza kusaidia.</translation>
    </message>
    <message>
        <source>Wait 15 minutes, or sign in once the relay is back.</source>
        <translation>Subiri dakika 15, au ingia relay ikirudi.</translation>
    </message>
    <message>
        <source>This relay signs nobody in</source>
        <translation>Relay hii haimwingizi mtu</translation>
    </message>
    <message>
        <source>Ask IT: the relay takes only sign-ins of the hospital system.</source>
        <translation>Waulize IT: relay inakubali tu wanaoingia kupitia mfumo wa hospitali.</translation>
    </message>
    <message>
        <source>Too many tries in a short time</source>
        <translation>Umejaribu mara nyingi kwa muda mfupi</translation>
    </message>
    <message>
        <source>Wait a minute, then try again.</source>
        <translation>Subiri dakika moja, kisha jaribu tena.</translation>
    </message>
    <message>
        <source>Your role may not take payments</source>
        <translation>Kazi yako hairuhusu kupokea malipo</translation>
    </message>
    <message>
        <source>Ask an administrator for the role billing, supervisor or admin.</source>
        <translation>Mwombe msimamizi wa mfumo kazi ya billing, supervisor au admin.</translation>
    </message>
    <message>
        <source>You may not do this</source>
        <translation>Huruhusiwi kufanya hivi</translation>
    </message>
    <message>
        <source>Ask a supervisor.</source>
        <translation>Mwulize msimamizi.</translation>
    </message>
    <message>
        <source>You cannot sign in while the relay is away</source>
        <translation>Huwezi kuingia relay ikiwa haipatikani</translation>
    </message>
    <message>
        <source>Only who signed in on this till within 72 hours can. Try again once the connection is back.</source>
        <translation>Aliyeingia kwenye mashine hii ndani ya saa 72 tu ndiye anaweza. Jaribu tena mtandao ukirudi.</translation>
    </message>
    <message>
        <source>Please sign in again</source>
        <translation>Tafadhali ingia tena</translation>
    </message>
    <message>
        <source>Your session has ended: please sign in again</source>
        <translation>Muda wako umeisha: tafadhali ingia tena</translation>
    </message>
    <message>
        <source>The hospital does not know this till</source>
        <translation>Hospitali haiijui mashine hii</translation>
    </message>
    <message>
        <source>Ask IT to enrol it anew. Take no money here until then.</source>
        <translation>Waombe IT waisajili upya. Usipokee pesa hapa hadi hapo.</translation>
    </message>
    <message>
        <source>This till has no receipt series yet</source>
        <translation>Mashine hii bado haina mfululizo wa risiti</translation>
    </message>
    <message>
        <source>Sign in once while the relay can be reached; it gives the till its series.</source>
        <translation>Ingia mara moja relay ikipatikana; itaipa mashine mfululizo wake.</translation>
    </message>
    <message>
        <source>This till holds the receipt series of another one</source>
        <translation>Mashine hii ina mfululizo wa risiti wa mashine nyingine</translation>
    </message>
    <message>
        <source>Take no money here. Ask IT to enrol this till anew.</source>
        <translation>Usipokee pesa hapa. Waombe IT waisajili mashine upya.</translation>
    </message>
    <message>
        <source>An old copy of this till&apos;s store was put back</source>
        <translation>Nakala ya zamani ya hifadhi ya mashine imerudishwa</translation>
    </message>
    <message>
        <source>Take no money here: numbers would be given twice. Ask IT to enrol this till anew.</source>
        <translation>Usipokee pesa hapa: namba zingetolewa mara mbili. Waombe IT waisajili mashine upya.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock stands before your last receipt</source>
        <translation>Saa ya kompyuta hii iko nyuma ya risiti yako ya mwisho</translation>
    </message>
    <message>
        <source>Set date and time right (automatic time), then take the money. Nothing was taken.</source>
        <translation>Rekebisha tarehe na saa (saa ya kiotomatiki), kisha pokea pesa. Hakuna kilichopokelewa.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is more than five minutes off</source>
        <translation>Saa ya kompyuta hii imekosea kwa zaidi ya dakika tano</translation>
    </message>
    <message>
        <source>Set date and time right (automatic time); cash can be taken again at once.</source>
        <translation>Rekebisha tarehe na saa (saa ya kiotomatiki); taslimu itapokelewa tena mara moja.</translation>
    </message>
    <message>
        <source>This computer&apos;s disk is nearly full</source>
        <translation>Diski ya kompyuta hii inakaribia kujaa</translation>
    </message>
    <message>
        <source>Free some space, then take the money. Nothing was taken.</source>
        <translation>Ondoa vitu kwenye diski, kisha pokea pesa. Hakuna kilichopokelewa.</translation>
    </message>
    <message>
        <source>The disk failed while saving</source>
        <translation>Diski imeshindwa wakati wa kuhifadhi</translation>
    </message>
    <message>
        <source>The receipt may be saved. Press the button once more: it is never taken twice. Then call IT.</source>
        <translation>Huenda risiti imehifadhiwa. Bonyeza kitufe tena: haipokelewi mara mbili kamwe. Kisha waite IT.</translation>
    </message>
    <message>
        <source>The till&apos;s store cannot be written</source>
        <translation>Hifadhi ya mashine haiandikiki</translation>
    </message>
    <message>
        <source>Nothing was saved. Check this computer&apos;s disk, then try again.</source>
        <translation>Hakuna kilichohifadhiwa. Kagua diski ya kompyuta hii, kisha jaribu tena.</translation>
    </message>
    <message>
        <source>The till is closing</source>
        <translation>Mashine inafungwa</translation>
    </message>
    <message>
        <source>The till&apos;s store cannot be read</source>
        <translation>Hifadhi ya mashine haisomeki</translation>
    </message>
    <message>
        <source>Do not delete it: it may hold unsent receipts. Call IT.</source>
        <translation>Usiifute: huenda ina risiti ambazo hazijatumwa. Waite IT.</translation>
    </message>
    <message>
        <source>The key of the till&apos;s store was changed</source>
        <translation>Ufunguo wa hifadhi ya mashine umebadilishwa</translation>
    </message>
    <message>
        <source>Call IT to restore the entry in this computer&apos;s keyring.</source>
        <translation>Waite IT warudishe ufunguo kwenye keyring ya kompyuta hii.</translation>
    </message>
    <message>
        <source>A newer program made this till&apos;s store</source>
        <translation>Hifadhi ya mashine imetengenezwa na programu mpya zaidi</translation>
    </message>
    <message>
        <source>Start the newer program again.</source>
        <translation>Anzisha tena programu mpya zaidi.</translation>
    </message>
    <message>
        <source>A part of this program is too old to be safe</source>
        <translation>Sehemu ya programu hii ni ya zamani mno, si salama</translation>
    </message>
    <message>
        <source>The till is open already on this computer</source>
        <translation>Mashine imefunguliwa tayari kwenye kompyuta hii</translation>
    </message>
    <message>
        <source>Use the window that is open, or close it first.</source>
        <translation>Tumia dirisha lililo wazi, au lifunge kwanza.</translation>
    </message>
    <message>
        <source>This computer has no keyring, and the till keeps its keys nowhere else</source>
        <translation>Kompyuta hii haina keyring, na mashine haihifadhi funguo kwingine</translation>
    </message>
    <message>
        <source>This computer&apos;s keyring is locked</source>
        <translation>Keyring ya kompyuta hii imefungwa</translation>
    </message>
    <message>
        <source>The key file cannot be used</source>
        <translation>Faili la funguo haliwezi kutumika</translation>
    </message>
    <message>
        <source>HMIS_KEYRING is set wrongly</source>
        <translation>HMIS_KEYRING imewekwa vibaya</translation>
    </message>
    <message>
        <source>The key of the till&apos;s store is gone</source>
        <translation>Ufunguo wa hifadhi ya mashine haupo</translation>
    </message>
    <message>
        <source>Sign in to this computer as the user who set the till up. Keep the store; call IT.</source>
        <translation>Ingia kwenye kompyuta kama mtumiaji aliyeiweka mashine. Tunza hifadhi; waite IT.</translation>
    </message>
    <message>
        <source>No printer is set up</source>
        <translation>Hakuna printa iliyowekwa</translation>
    </message>
    <message>
        <source>The receipt is saved: keep it as PDF, or print it once a printer is there.</source>
        <translation>Risiti imehifadhiwa: itunze kama PDF, au uichapishe printa ikiwepo.</translation>
    </message>
    <message>
        <source>The receipt did not print</source>
        <translation>Risiti haikuchapishwa</translation>
    </message>
    <message>
        <source>The money is taken and saved. Check the printer, then print it again.</source>
        <translation>Pesa zimepokelewa na kuhifadhiwa. Kagua printa, kisha uchapishe tena.</translation>
    </message>
    <message>
        <source>The PDF was not saved</source>
        <translation>PDF haikuhifadhiwa</translation>
    </message>
    <message>
        <source>Choose another folder. The receipt itself is safe.</source>
        <translation>Chagua folda nyingine. Risiti yenyewe iko salama.</translation>
    </message>
    <message>
        <source>The words for receipts cannot be read</source>
        <translation>Maneno ya risiti hayasomeki</translation>
    </message>
    <message>
        <source>The relay was asked and did not answer</source>
        <translation>Relay iliulizwa na haikujibu</translation>
    </message>
    <message>
        <source>Do not do it again. It is looked up by itself, and you will be told here.</source>
        <translation>Usirudie. Inaangaliwa yenyewe, na utaambiwa hapa.</translation>
    </message>
    <message>
        <source>The relay&apos;s answer cannot be read</source>
        <translation>Jibu la relay halisomeki</translation>
    </message>
    <message>
        <source>Do not do it again. Ask IT whether till and relay are of one version.</source>
        <translation>Usirudie. Waulize IT kama mashine na relay ni za toleo moja.</translation>
    </message>
    <message>
        <source>The relay cannot be reached</source>
        <translation>Relay haipatikani</translation>
    </message>
    <message>
        <source>A service is away just now</source>
        <translation>Huduma moja haipatikani sasa</translation>
    </message>
    <message>
        <source>The hospital&apos;s database is away just now</source>
        <translation>Hifadhidata ya hospitali haipatikani sasa</translation>
    </message>
    <message>
        <source>The hospital system cannot confirm who you are just now</source>
        <translation>Mfumo wa hospitali hauwezi kukuthibitisha sasa</translation>
    </message>
    <message>
        <source>Nobody can tell yet what became of it</source>
        <translation>Bado haijulikani kilichotokea</translation>
    </message>
    <message>
        <source>The relay made a mistake of its own</source>
        <translation>Relay imefanya kosa lake yenyewe</translation>
    </message>
    <message>
        <source>Try once more. If it stays, call IT.</source>
        <translation>Jaribu mara moja tena. Likiendelea, waite IT.</translation>
    </message>
    <message>
        <source>A setting is missing or wrong</source>
        <translation>Mpangilio mmoja haupo au si sahihi</translation>
    </message>
    <message>
        <source>The program made a mistake</source>
        <translation>Programu imefanya kosa</translation>
    </message>
    <message>
        <source>It is written to the log. Try once more; if it stays, call IT.</source>
        <translation>Limeandikwa kwenye kumbukumbu. Jaribu tena; likiendelea, waite IT.</translation>
    </message>
    <message>
        <source>This is not possible any more</source>
        <translation>Hii haiwezekani tena</translation>
    </message>
    <message>
        <source>This cannot be done as it is</source>
        <translation>Hii haiwezi kufanyika ilivyo</translation>
    </message>
    <message>
        <source>Less of it is left than that</source>
        <translation>Kilichobaki ni kidogo kuliko hicho</translation>
    </message>
    <message>
        <source>Somebody placed or gave back a part of it meanwhile. Look at what remains.</source>
        <translation>Mtu amepanga au kurejesha sehemu yake wakati huo. Angalia kilichobaki.</translation>
    </message>
    <message>
        <source>Only a supervisor or administrator may do this</source>
        <translation>Ni msimamizi au admin tu anayeweza kufanya hivi</translation>
    </message>
    <message>
        <source>Ask one of them to sign in and do it.</source>
        <translation>Mwombe mmoja wao aingie na afanye.</translation>
    </message>
    <message>
        <source>Nothing of this money is left</source>
        <translation>Hakuna kilichobaki cha pesa hizi</translation>
    </message>
    <message>
        <source>It was placed, moved or given back already. Look at it again.</source>
        <translation>Zimeshapangwa, kuhamishwa au kurejeshwa. Angalia tena.</translation>
    </message>
    <message>
        <source>It cannot be moved back</source>
        <translation>Haziwezi kurudishwa</translation>
    </message>
    <message>
        <source>A refund of this payment is on its way</source>
        <translation>Rejesho la malipo haya liko njiani</translation>
    </message>
    <message>
        <source>Wait for its result, or have it rejected first.</source>
        <translation>Subiri matokeo yake, au likataliwe kwanza.</translation>
    </message>
    <message>
        <source>Nothing of this payment may go back just now</source>
        <translation>Hakuna cha malipo haya kinachoweza kurejeshwa sasa</translation>
    </message>
    <message>
        <source>Safaricom&apos;s statement does not show it. Finance clears that up first.</source>
        <translation>Taarifa ya Safaricom haiyaonyeshi. Idara ya fedha itatatua kwanza.</translation>
    </message>
    <message>
        <source>Somebody has decided about this refund meanwhile</source>
        <translation>Mtu ameshaamua kuhusu rejesho hili</translation>
    </message>
    <message>
        <source>Look at how it stands now.</source>
        <translation>Angalia hali yake sasa.</translation>
    </message>
    <message>
        <source>How this refund ended is known by now</source>
        <translation>Matokeo ya rejesho hili yameshajulikana</translation>
    </message>
    <message>
        <source>It is too early to give this refund up</source>
        <translation>Ni mapema mno kuachana na rejesho hili</translation>
    </message>
    <message>
        <source>Import the next statement. What it does not tell of may be ended two days after it was sent.</source>
        <translation>Ingiza taarifa inayofuata. Lisilotajwa humo linaweza kufungwa siku mbili baada ya kutumwa.</translation>
    </message>
    <message>
        <source>The result of another refund is awaited</source>
        <translation>Matokeo ya rejesho lingine yanasubiriwa</translation>
    </message>
    <message>
        <source>This one goes out next.</source>
        <translation>Hili litatumwa baada yake.</translation>
    </message>
    <message>
        <source>You asked for this refund yourself</source>
        <translation>Uliomba rejesho hili mwenyewe</translation>
    </message>
    <message>
        <source>Another supervisor or administrator has to decide about it.</source>
        <translation>Msimamizi au admin mwingine lazima aamue.</translation>
    </message>
    <message>
        <source>M-Pesa cannot take this money back</source>
        <translation>M-Pesa haiwezi kurejesha pesa hizi</translation>
    </message>
    <message>
        <source>Payouts to phones are not set up here. Give it back in cash, or ask IT.</source>
        <translation>Kutuma kwa simu hakujawekwa hapa. Rejesha kwa pesa taslimu, au uliza IT.</translation>
    </message>
    <message>
        <source>That is more than may go back</source>
        <translation>Hiyo inazidi inayoweza kurejeshwa</translation>
    </message>
    <message>
        <source>A part of it may be on its way back already. Ask for less.</source>
        <translation>Huenda sehemu yake iko njiani tayari. Omba kiasi kidogo.</translation>
    </message>
    <message>
        <source>This refund needs the phone it goes to</source>
        <translation>Rejesho hili linahitaji simu ya kupokea</translation>
    </message>
    <message>
        <source>Safaricom hides the payer&apos;s number: ask the patient for it.</source>
        <translation>Safaricom huficha nambari ya mlipaji: muulize mgonjwa.</translation>
    </message>
    <message>
        <source>Questions and refunds to Safaricom are stopped</source>
        <translation>Maswali na marejesho kwa Safaricom yamesimamishwa</translation>
    </message>
    <message>
        <source>Safaricom refuses the operator&apos;s credential. IT has to mend it.</source>
        <translation>Safaricom inakataa kitambulisho cha opereta. IT lazima irekebishe.</translation>
    </message>
    <message>
        <source>Too many statements wait to be read</source>
        <translation>Taarifa nyingi mno zinasubiri kusomwa</translation>
    </message>
    <message>
        <source>Import this one once the list shows the others as done.</source>
        <translation>Ingiza hii orodha ikionyesha nyingine zimekamilika.</translation>
    </message>
    <message>
        <source>The relay cannot keep the file</source>
        <translation>Relay haiwezi kuhifadhi faili</translation>
    </message>
    <message>
        <source>Ask IT to look at the free space of the relay&apos;s machine. Nothing was imported.</source>
        <translation>Mwambie IT aangalie nafasi ya mashine ya relay. Hakuna kilichoingizwa.</translation>
    </message>
    <message>
        <source>This is no statement of the M-Pesa portal</source>
        <translation>Hii si taarifa ya tovuti ya M-Pesa</translation>
    </message>
    <message>
        <source>Export the organisation statement as CSV, XLS or XLSX and import that file as it is.</source>
        <translation>Pakua taarifa ya shirika kama CSV, XLS au XLSX na uingize faili hiyo ilivyo.</translation>
    </message>
    <message>
        <source>This is no M-Pesa code</source>
        <translation>Hii si nambari ya M-Pesa</translation>
    </message>
    <message>
        <source>Type the ten letters and digits at the beginning of the SMS.</source>
        <translation>Andika herufi na tarakimu kumi zilizo mwanzo wa SMS.</translation>
    </message>
    <message>
        <source>This code paid another invoice</source>
        <translation>Nambari hii ililipa ankara nyingine</translation>
    </message>
    <message>
        <source>Its payer typed that invoice&apos;s account. A supervisor can move it if that was wrong.</source>
        <translation>Mlipaji aliandika akaunti ya ankara hiyo. Msimamizi anaweza kuihamisha kama ni kosa.</translation>
    </message>
    <message>
        <source>The file cannot be read</source>
        <translation>Faili haisomeki</translation>
    </message>
    <message>
        <source>Close it in other programs, or copy it to this computer, and choose it again.</source>
        <translation>Ifunge kwenye programu nyingine, au inakili kwenye kompyuta hii, kisha uichague tena.</translation>
    </message>
    <message>
        <source>The file cannot be written</source>
        <translation>Faili haiandikiki</translation>
    </message>
    <message>
        <source>Choose another folder, or close the file in other programs.</source>
        <translation>Chagua folda nyingine, au funga faili kwenye programu nyingine.</translation>
    </message>
    <message>
        <source>The statement is of another Paybill or Till</source>
        <translation>Taarifa ni ya Paybill au Till nyingine</translation>
    </message>
    <message>
        <source>Export the one of this hospital&apos;s number and import that.</source>
        <translation>Pakua ya nambari ya hospitali hii na uingize hiyo.</translation>
    </message>
</context>
<context>
    <name>queue</name>
    <message>
        <source>phone ringing {time}</source>
        <translation>simu inalia {time}</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>bado haijulikani</translation>
    </message>
    <message>
        <source>at {counter}</source>
        <translation>yuko {counter}</translation>
    </message>
    <message>
        <source>paid</source>
        <translation>imelipwa</translation>
    </message>
    <message>
        <source>part paid {amount}</source>
        <translation>imelipwa {amount}</translation>
    </message>
</context>
<context>
    <name>refund</name>
    <message>
        <source>waits for a decision</source>
        <translation>inasubiri uamuzi</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>imekataliwa</translation>
    </message>
    <message>
        <source>approved, being sent</source>
        <translation>imeidhinishwa, inatumwa</translation>
    </message>
    <message>
        <source>on its way</source>
        <translation>iko njiani</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>bado haijulikani</translation>
    </message>
    <message>
        <source>given back</source>
        <translation>imerudishwa</translation>
    </message>
    <message>
        <source>not given back</source>
        <translation>haikurejeshwa</translation>
    </message>
    <message>
        <source>Waits for a second person</source>
        <translation>Inasubiri mtu wa pili</translation>
    </message>
    <message>
        <source>A supervisor or administrator who did not ask for it approves or rejects it.</source>
        <translation>Msimamizi au admin ambaye hakuomba ataidhinisha au kukataa.</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Limekataliwa</translation>
    </message>
    <message>
        <source>No money moved. What was held for it is free again.</source>
        <translation>Hakuna pesa iliyohama. Iliyoshikiliwa iko huru tena.</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>Limeidhinishwa</translation>
    </message>
    <message>
        <source>It is handed to Safaricom by itself; nothing is left to do.</source>
        <translation>Litapewa Safaricom lenyewe; hakuna lililobaki.</translation>
    </message>
    <message>
        <source>Safaricom has taken it</source>
        <translation>Safaricom imelipokea</translation>
    </message>
    <message>
        <source>Its result comes by itself, mostly within a minute. Do not pay it out again.</source>
        <translation>Matokeo yatakuja yenyewe, mara nyingi ndani ya dakika. Usilipe tena.</translation>
    </message>
    <message>
        <source>Nobody knows yet</source>
        <translation>Hakuna anayejua bado</translation>
    </message>
    <message>
        <source>Safaricom has not said; it is looked for. Do not pay it out again.</source>
        <translation>Safaricom haijasema; inatafutwa. Usilipe tena.</translation>
    </message>
    <message>
        <source>Given back</source>
        <translation>Imerejeshwa</translation>
    </message>
    <message>
        <source>The patient has an SMS from M-Pesa with the code below.</source>
        <translation>Mgonjwa ana SMS ya M-Pesa yenye nambari iliyo hapa chini.</translation>
    </message>
    <message>
        <source>Not given back</source>
        <translation>Haikurejeshwa</translation>
    </message>
    <message>
        <source>No money moved. Mend what is said below, then ask for it again.</source>
        <translation>Hakuna pesa iliyohama. Rekebisha yaliyosemwa hapa chini, kisha uombe tena.</translation>
    </message>
    <message>
        <source>Moved back</source>
        <translation>Imerudishwa</translation>
    </message>
    <message>
        <source>No money left the hospital: it is among the unmatched money again.</source>
        <translation>Hakuna pesa iliyotoka hospitalini: ziko tena kwa zisizo na mwenyewe.</translation>
    </message>
    <message>
        <source>Safaricom took it back itself</source>
        <translation>Safaricom ilizirudisha yenyewe</translation>
    </message>
    <message>
        <source>A statement or message told us. The invoice is due again.</source>
        <translation>Taarifa au ujumbe ulitujulisha. Ankara inadaiwa tena.</translation>
    </message>
    <message>
        <source>The phone that paid</source>
        <translation>Simu iliyolipa</translation>
    </message>
    <message>
        <source>M-Pesa reversal: no fee, no number needed</source>
        <translation>Kutengua kwa M-Pesa: bila ada, bila nambari</translation>
    </message>
    <message>
        <source>M-Pesa payout: Safaricom charges the hospital a fee</source>
        <translation>Kutuma kwa M-Pesa: Safaricom hutoza hospitali ada</translation>
    </message>
    <message>
        <source>Safaricom undid it by itself</source>
        <translation>Safaricom ilitengua yenyewe</translation>
    </message>
    <message>
        <source>Moved back; no money leaves the hospital</source>
        <translation>Zimerudishwa; hakuna pesa inayotoka hospitalini</translation>
    </message>
    <message>
        <source>Safaricom took the request</source>
        <translation>Safaricom ilipokea ombi</translation>
    </message>
    <message>
        <source>Safaricom refused the request</source>
        <translation>Safaricom ilikataa ombi</translation>
    </message>
    <message>
        <source>No answer to the request</source>
        <translation>Ombi halikujibiwa</translation>
    </message>
    <message>
        <source>Asked again: not decided yet</source>
        <translation>Imeulizwa tena: bado haijaamuliwa</translation>
    </message>
    <message>
        <source>No result in time</source>
        <translation>Hakuna jibu kwa wakati</translation>
    </message>
    <message>
        <source>Asked again: given back</source>
        <translation>Imeulizwa tena: imerejeshwa</translation>
    </message>
    <message>
        <source>An answer nobody can read for sure</source>
        <translation>Jibu lisiloeleweka kwa hakika</translation>
    </message>
    <message>
        <source>Nothing found; it is looked for on</source>
        <translation>Hakuna kilichopatikana; inaendelea kutafutwa</translation>
    </message>
    <message>
        <source>asked by {who}</source>
        <extracomment>As the relay&apos;s: how long a result or a statement may still tell. The relay&apos;s code of what a person found in the portal.</extracomment>
        <translation>aliyeomba {who}</translation>
    </message>
    <message>
        <source>Unmatched money</source>
        <translation>Pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>Refund {amount} to {name}</source>
        <translation>Rejesha {amount} kwa {name}</translation>
    </message>
    <message>
        <source>Refund {amount} of unmatched money</source>
        <translation>Rejesha {amount} za pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>Asked again in {time}.</source>
        <translation>Itaulizwa tena baada ya {time}.</translation>
    </message>
    <message>
        <source>Invoice</source>
        <translation>Ankara</translation>
    </message>
    <message>
        <source>Paid with M-Pesa code</source>
        <translation>Zililipwa kwa nambari ya M-Pesa</translation>
    </message>
    <message>
        <source>Decided by</source>
        <translation>Aliyeamua</translation>
    </message>
    <message>
        <source>Said about it</source>
        <translation>Yaliyosemwa</translation>
    </message>
    <message>
        <source>Code of the refund</source>
        <translation>Nambari ya rejesho</translation>
    </message>
    <message>
        <source>Safaricom says</source>
        <translation>Safaricom inasema</translation>
    </message>
    <message>
        <source>Looked up in the portal</source>
        <translation>Imeangaliwa kwenye tovuti</translation>
    </message>
    <message>
        <source>Nothing is to be decided about it</source>
        <translation>Hakuna la kuamua kulihusu</translation>
    </message>
    <message>
        <source>You asked for this refund: another person decides</source>
        <translation>Uliomba rejesho hili: mtu mwingine ataamua</translation>
    </message>
    <message>
        <source>You did not ask for this refund</source>
        <translation>Hukuomba rejesho hili</translation>
    </message>
    <message>
        <source>A supervisor or administrator decides</source>
        <translation>Msimamizi au admin huamua</translation>
    </message>
    <message>
        <source>Decide as {name}</source>
        <translation>Amua kama {name}</translation>
    </message>
    <message>
        <source>Approve {amount}</source>
        <translation>Idhinisha {amount}</translation>
    </message>
    <message>
        <source>Reject with a reason</source>
        <translation>Kataa kwa sababu</translation>
    </message>
    <message>
        <source>Nobody can tell about it</source>
        <translation>Hakuna anayejua hali yake</translation>
    </message>
    <message>
        <source>Until {moment} its result or a statement may still tell</source>
        <translation>Hadi {moment} jibu lake au taarifa ya akaunti bado inaweza kueleza</translation>
    </message>
    <message>
        <source>Look it up in the M-Pesa portal first</source>
        <translation>Itafute kwanza kwenye tovuti ya M-Pesa</translation>
    </message>
    <message>
        <source>Only if no money went out, say so here: then it can be asked for again. A late success still counts.</source>
        <translation>Sema hapa ikiwa tu pesa hazikutoka: ndipo inaweza kuombwa tena. Ikifaulu baadaye bado inahesabika.</translation>
    </message>
    <message>
        <source>It did not go back</source>
        <translation>Haikurudi</translation>
    </message>
</context>
<context>
    <name>statement</name>
    <message>
        <source>The same in both</source>
        <translation>Sawa pande zote</translation>
    </message>
    <message>
        <source>Same receipt, same amount. Nothing to do.</source>
        <translation>Risiti ileile, kiasi kilekile. Hakuna la kufanya.</translation>
    </message>
    <message>
        <source>Only in the statement</source>
        <translation>Kwenye taarifa tu</translation>
    </message>
    <message>
        <source>It was missing here and is in the books now; what matched no invoice waits as unmatched money.</source>
        <translation>Ilikosekana hapa na sasa iko vitabuni; isiyolingana na ankara inasubiri kwa pesa zisizo na mwenyewe.</translation>
    </message>
    <message>
        <source>Only in our books</source>
        <translation>Kwenye vitabu vyetu tu</translation>
    </message>
    <message>
        <source>Safaricom does not show it. Refunds on it are stopped until somebody finds out why.</source>
        <translation>Safaricom haiionyeshi. Marejesho yake yamesimamishwa hadi sababu ijulikane.</translation>
    </message>
    <message>
        <source>Another amount</source>
        <translation>Kiasi tofauti</translation>
    </message>
    <message>
        <source>Same receipt, other amount. Look at the payment and its evidence.</source>
        <translation>Risiti ileile, kiasi tofauti. Angalia malipo na ushahidi wake.</translation>
    </message>
    <message>
        <source>Taken back by Safaricom</source>
        <translation>Imerudishwa na Safaricom</translation>
    </message>
    <message>
        <source>The money is gone there; its invoice is due again here.</source>
        <translation>Pesa zimetoka huko; ankara yake inadaiwa tena hapa.</translation>
    </message>
    <message>
        <source>Paid a second time</source>
        <translation>Imelipwa mara ya pili</translation>
    </message>
    <message>
        <source>A second receipt for what was paid already. Give it back, or keep it as a deposit.</source>
        <translation>Risiti ya pili kwa kilicholipwa tayari. Irejeshe, au iweke kama amana.</translation>
    </message>
    <message>
        <source>Too near its edge</source>
        <translation>Karibu mno na mwisho</translation>
    </message>
    <message>
        <source>So near to the statement&apos;s beginning or end that only the next one can say.</source>
        <translation>Karibu mno na mwanzo au mwisho wa taarifa; inayofuata tu ndiyo itasema.</translation>
    </message>
    <message>
        <source>Rows that cannot be read</source>
        <translation>Safu zisizosomeka</translation>
    </message>
    <message>
        <source>Everything else was read. Mend these rows, or export the statement again, and import it.</source>
        <translation>Mengine yote yamesomwa. Rekebisha safu hizi, au pakua taarifa tena, kisha uiingize.</translation>
    </message>
    <message>
        <source>What was found</source>
        <extracomment>Classes that somebody has to look at, as the list of differences holds them.</extracomment>
        <translation>Kilichopatikana</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Mistari</translation>
    </message>
    <message>
        <source>KES</source>
        <translation>KES</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>Risiti</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Saa</translation>
    </message>
    <message>
        <source>Our books</source>
        <translation>Vitabu vyetu</translation>
    </message>
    <message>
        <source>Statement</source>
        <translation>Taarifa</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>Safu</translation>
    </message>
    <message>
        <source>Where it is</source>
        <translation>Ilipo</translation>
    </message>
    <message>
        <source>What is wrong, and what to do</source>
        <translation>Kosa, na la kufanya</translation>
    </message>
    <message>
        <source>What stands there</source>
        <translation>Kilichoandikwa</translation>
    </message>
    <message>
        <source>a payment</source>
        <translation>malipo</translation>
    </message>
    <message>
        <source>unmatched money</source>
        <translation>pesa zisizo na mwenyewe</translation>
    </message>
    <message>
        <source>a refund</source>
        <translation>rejesho</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>haikusomwa</translation>
    </message>
    <message>
        <source>does not add up</source>
        <translation>hesabu hailingani</translation>
    </message>
    <message>
        <source>differences: {n}</source>
        <translation>tofauti: {n}</translation>
    </message>
    <message>
        <source>no differences</source>
        <translation>hakuna tofauti</translation>
    </message>
    <message>
        <source>{n} rows</source>
        <translation>safu {n}</translation>
    </message>
    <message>
        <source>comparing</source>
        <translation>inalinganisha</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>inasoma</translation>
    </message>
    <message>
        <source>reading, {percent} %</source>
        <translation>inasoma, {percent} %</translation>
    </message>
    <message>
        <source>being read</source>
        <translation>inasomwa</translation>
    </message>
    <message>
        <source>being compared</source>
        <translation>inalinganishwa</translation>
    </message>
    <message>
        <source>done</source>
        <translation>imekamilika</translation>
    </message>
    <message>
        <source>Save the differences…</source>
        <translation>Hifadhi tofauti…</translation>
    </message>
    <message>
        <source>{n} rows so far. You may go on with other work.</source>
        <translation>Safu {n} hadi sasa. Unaweza kuendelea na kazi nyingine.</translation>
    </message>
    <message>
        <source>The file is being read</source>
        <translation>Faili inasomwa</translation>
    </message>
    <message>
        <source>{n} rows are read and compared with our books.</source>
        <translation>Safu {n} zimesomwa na zinalinganishwa na vitabu vyetu.</translation>
    </message>
    <message>
        <source>Being compared</source>
        <translation>Inalinganishwa</translation>
    </message>
    <message>
        <source>{why}. Export it from the M-Pesa portal once more and import that file.</source>
        <translation>{why}. Ipakue tena kutoka tovuti ya M-Pesa na uingize faili hiyo.</translation>
    </message>
    <message>
        <source>The file could not be read</source>
        <translation>Faili haikusomeka</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>Siku</translation>
    </message>
    <message>
        <source>Paybill or Till</source>
        <translation>Paybill au Till</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Safu</translation>
    </message>
    <message>
        <source>Imported by</source>
        <translation>Aliyeingiza</translation>
    </message>
    <message>
        <source>The file does not say what lay in the account</source>
        <translation>Faili haisemi kilichokuwa kwenye akaunti</translation>
    </message>
    <message>
        <source>So nobody can tell whether lines are missing in it.</source>
        <translation>Hivyo hakuna anayejua kama mistari inakosekana.</translation>
    </message>
    <message>
        <source>The file does not add up: {gap} is unexplained</source>
        <translation>Hesabu ya faili hailingani: {gap} haijaelezwa</translation>
    </message>
    <message>
        <source>Lines are missing in the export. Export the same days once more, whole, and import that file.</source>
        <translation>Mistari inakosekana kwenye faili. Pakua siku hizo tena, zote, na uingize faili hiyo.</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Maelezo</translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message>
        <source>Mon</source>
        <translation>Jtt</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>Jnn</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>Jtn</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>Alh</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>Ijm</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>Jms</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>Jpl</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>dak {n}</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>saa {h} dak {m}</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>siku 1</translation>
    </message>
    <message>
        <source>{n} days</source>
        <translation>siku {n}</translation>
    </message>
    <message>
        <source>today</source>
        <translation>leo</translation>
    </message>
    <message>
        <source>Jan</source>
        <translation>Jan</translation>
    </message>
    <message>
        <source>Feb</source>
        <translation>Feb</translation>
    </message>
    <message>
        <source>Mar</source>
        <translation>Mac</translation>
    </message>
    <message>
        <source>Apr</source>
        <translation>Apr</translation>
    </message>
    <message>
        <source>May</source>
        <translation>Mei</translation>
    </message>
    <message>
        <source>Jun</source>
        <translation>Jun</translation>
    </message>
    <message>
        <source>Jul</source>
        <translation>Jul</translation>
    </message>
    <message>
        <source>Aug</source>
        <translation>Ago</translation>
    </message>
    <message>
        <source>Sep</source>
        <translation>Sep</translation>
    </message>
    <message>
        <source>Oct</source>
        <translation>Okt</translation>
    </message>
    <message>
        <source>Nov</source>
        <translation>Nov</translation>
    </message>
    <message>
        <source>Dec</source>
        <translation>Des</translation>
    </message>
</context>
<context>
    <name>unmatched</name>
    <message>
        <source>same amount</source>
        <translation>kiasi sawa</translation>
    </message>
    <message>
        <source>the phone fits</source>
        <translation>simu inalingana</translation>
    </message>
    <message>
        <source>a name fits</source>
        <translation>jina linalingana</translation>
    </message>
    <message>
        <source>the account is its own</source>
        <extracomment>From here on waiting is too long, and then much too long.</extracomment>
        <translation>akaunti ni yake</translation>
    </message>
    <message>
        <source>a slip away</source>
        <translation>karibu sawa</translation>
    </message>
    <message>
        <source>the account ends like it</source>
        <translation>akaunti inaishia hivyo</translation>
    </message>
    <message>
        <source>at a counter then</source>
        <translation>alikuwa kaunta wakati huo</translation>
    </message>
    <message>
        <source>queued shortly before</source>
        <translation>aliingia foleni muda mfupi kabla</translation>
    </message>
    <message>
        <source>Safaricom&apos;s notice</source>
        <translation>Taarifa ya Safaricom</translation>
    </message>
    <message>
        <source>Safaricom&apos;s list of payments</source>
        <translation>Orodha ya malipo ya Safaricom</translation>
    </message>
    <message>
        <source>our question about its code</source>
        <translation>swali letu kuhusu nambari yake</translation>
    </message>
    <message>
        <source>an imported statement</source>
        <translation>taarifa iliyoingizwa</translation>
    </message>
    <message>
        <source>Safaricom&apos;s message</source>
        <translation>ujumbe wa Safaricom</translation>
    </message>
    <message>
        <source>Payer unknown</source>
        <translation>Mlipaji hajulikani</translation>
    </message>
    <message>
        <source>no account</source>
        <translation>hakuna akaunti</translation>
    </message>
    <message>
        <source>account {account}</source>
        <translation>akaunti {account}</translation>
    </message>
    <message>
        <source>placed</source>
        <translation>zimepangwa</translation>
    </message>
    <message>
        <source>paid</source>
        <translation>imelipwa</translation>
    </message>
    <message>
        <source>KSh {amount} to {invoice}, {name}.</source>
        <translation>KSh {amount} kwa {invoice}, {name}.</translation>
    </message>
    <message>
        <source>KSh {amount} over becomes the patient&apos;s deposit.</source>
        <translation>KSh {amount} zilizozidi zinakuwa amana ya mgonjwa.</translation>
    </message>
    <message>
        <source>{invoice} owes nothing: KSh {amount} becomes the deposit of {name}.</source>
        <translation>{invoice} haidaiwi: KSh {amount} inakuwa amana ya {name}.</translation>
    </message>
    <message>
        <source>KSh {amount} stays due.</source>
        <translation>KSh {amount} inabaki kudaiwa.</translation>
    </message>
    <message>
        <source>The invoice is paid then.</source>
        <translation>Ankara itakuwa imelipwa.</translation>
    </message>
    <message>
        <source>{amount} from {payer}</source>
        <translation>{amount} kutoka {payer}</translation>
    </message>
    <message>
        <source>waits {time}</source>
        <translation>inasubiri {time}</translation>
    </message>
    <message>
        <source>nothing waits any more</source>
        <translation>hakuna kinachosubiri tena</translation>
    </message>
    <message>
        <source>no account was given</source>
        <extracomment>As the relay words them (``cashier.receive_money``).</extracomment>
        <translation>hakuna akaunti iliyoandikwa</translation>
    </message>
    <message>
        <source>the account is no number of ours</source>
        <translation>akaunti si nambari yetu</translation>
    </message>
    <message>
        <source>several invoices answer to this account</source>
        <translation>ankara kadhaa zina akaunti hii</translation>
    </message>
    <message>
        <source>several patients answer to this account</source>
        <translation>wagonjwa kadhaa wana akaunti hii</translation>
    </message>
    <message>
        <source>the account is a patient with {count} open invoices</source>
        <translation>akaunti ni ya mgonjwa mwenye ankara {count} zisizolipwa</translation>
    </message>
    <message>
        <source>the account is a patient who owes nothing</source>
        <translation>akaunti ni ya mgonjwa asiyedaiwa</translation>
    </message>
    <message>
        <source>no invoice and no patient has this account</source>
        <translation>hakuna ankara wala mgonjwa mwenye akaunti hii</translation>
    </message>
    <message>
        <source>moved back: {reason}</source>
        <translation>imerudishwa: {reason}</translation>
    </message>
    <message>
        <source>It matched no invoice</source>
        <translation>Haikulingana na ankara yoyote</translation>
    </message>
    <message>
        <source>You look after it</source>
        <translation>Unashughulikia</translation>
    </message>
    <message>
        <source>It is yours already.</source>
        <translation>Tayari ni yako.</translation>
    </message>
    <message>
        <source>I look after it</source>
        <translation>Nitashughulikia</translation>
    </message>
    <message>
        <source>Account typed</source>
        <translation>Akaunti iliyoandikwa</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>hakuna</translation>
    </message>
    <message>
        <source>Payer</source>
        <translation>Mlipaji</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Simu</translation>
    </message>
    <message>
        <source>M-Pesa code</source>
        <translation>Nambari ya M-Pesa</translation>
    </message>
    <message>
        <source>Paid</source>
        <translation>Zililipwa</translation>
    </message>
    <message>
        <source>Told by</source>
        <translation>Chanzo</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Aina</translation>
    </message>
    <message>
        <source>Here since</source>
        <translation>Hapa tangu</translation>
    </message>
    <message>
        <source>Looked after by</source>
        <translation>Anayeshughulikia</translation>
    </message>
    <message>
        <source>nobody yet</source>
        <translation>hakuna bado</translation>
    </message>
    <message>
        <source>Refund not made: waits again</source>
        <translation>Rejesho halikufanyika: inasubiri tena</translation>
    </message>
    <message>
        <source>To the payer: {state}</source>
        <translation>Kwa mlipaji: {state}</translation>
    </message>
    <message>
        <source>Moved back from {invoice}</source>
        <translation>Imerudishwa kutoka {invoice}</translation>
    </message>
</context>
</TS>
