"""The words of the demo org: who works there, what its Architect flows are called and what they say to callers.

Umlauts, quotation marks, emoji and U+2028 are here on purpose: an edit of a configuration has to leave them alone.
"""

from collections.abc import Mapping

PEOPLE = (
    "Anna Müller",
    "Jörg Weiß",
    "Sofía Núñez",
    "Priya Raman",
    "Tom O'Brien",
    "Łukasz Zieliński",
)

DIVISIONS = ("Home", "Kundenservice", "Sales & Retention", "Zahlungsverkehr")

TOPICS = (
    "Rechnung & Mahnung",
    "Bestellstatus",
    "Terminbuchung",
    "Retoure",
    "Kundenservice",
    "Störungsannahme",
    "Zahlung",
    "Vertragsverlängerung",
    "Rückruf",
    "Größenberatung",
    "VIP",
    "Gewährleistung",
    "Card services",
    "Delivery questions",
    "Password reset",
    "Loyalty programme",
    "After hours",
    "Outage notice",
)

PLACES = (
    "München",
    "Köln",
    "Düsseldorf",
    "Zürich",
    "Wien",
    "Łódź",
    "Málaga",
    "Paris",
    "Dublin",
    "EMEA",
    "DACH",
    "Nord",
    "Süd",
    "Filialen",
    "Onlineshop",
    "Partner",
)

STEP_NAMES: Mapping[str, tuple[str, ...]] = {
    "CRM": ("CRM lookup", "Kunde suchen", "Call Data Action", "Kundendaten lesen"),
    "Payment": ("Zahlung prüfen", "Payment", "Call Data Action", "Offene Posten"),
    "Booking": ("Termin suchen", "Booking", "Call Data Action", "Termin „buchen“"),
    "Order": ("Bestellung laden", "Order status", "Call Data Action"),
    "Platform": ("Wartezeit abfragen", "Queue check", "Call Data Action"),
    "Pricing": ("Preis berechnen", "Function", "Call Data Action"),
}
"""By subject of the action that the step calls; each pool is small, so that names repeat."""

NODE_NAMES: Mapping[str, tuple[str, ...]] = {
    "PlayAudioAction": ("Begrüßung", "Hinweis abspielen", "Play Audio", "Datenschutz-Hinweis"),
    "DecisionAction": ("Öffnungszeit?", "VIP?", "Kunde bekannt?", "Decision"),
    "SwitchAction": ("Nach Sprache", "Nach Anliegen", "Switch"),
    "UpdateVariableAction": ("Merken", "Update Data", "Zähler erhöhen"),
    "DataTableLookupAction": ("Öffnungszeiten nachschlagen", "Data Table Lookup"),
    "TransferPureMatchAction": ("An Warteschlange", "Transfer to ACD"),
    "SetAttributesAction": ("Set Participant Data", "Daten für Agenten"),
    "SendResponseAction": ("Antwort senden", "Send Response 💬"),
    "AskForSlotAction": ("Kundennummer erfragen", "Ask for Slot"),
    "CallCommonModuleAction": ("Gemeinsames Modul", "Call Common Module"),
    "TaskAction": ("Aufgabe ausführen", "Call Task"),
    "FlowMilestoneAction": ("Meilenstein", "Add Flow Milestone"),
    "SecureAction": ("Karte belasten", "Call Secure Data"),
    "BridgeServerAction": ("Call Bridge Action", "Altsystem fragen"),
}

SENTENCES = (
    "Willkommen bei der Grünwald & Söhne GmbH. Schön, dass Sie anrufen!",
    "Bitte haben Sie einen Augenblick Geduld; wir prüfen Ihre Angaben.",
    'Drücken Sie die "1" für Rechnungen, die "2" für Bestellungen.',
    "Ihr nächster freier Termin ist am {0} um {1} Uhr 📅.",
    "Thank you for waiting. Your call is important to us.",
    "Leider haben wir geschlossen. Unsere Öffnungszeiten finden Sie unter https://example.com/zeiten.",
    "Erste Zeile\u2028Zweite Zeile, wie sie aus der Textverarbeitung kam.",
    "¿Prefiere continuar en español? Diga «sí» o pulse 3.",
    "Ihre Bestellung ist unterwegs 🚚 \u2013 voraussichtlich morgen.",
    "Preis: 19,90 € (inkl. MwSt.), Rücksendung kostenlos.",
    "Pfad C:\\Ansagen\\Weiß\\neu.wav",
    "Merci de votre patience \u2013 à très bientôt.",
)

UTTERANCES = (
    "ich möchte meine rechnung sehen",
    "wo bleibt mein paket",
    "kann ich den termin verschieben",
    "ich habe mein passwort vergessen",
    "was kostet die rückgabe",
    "please cancel my order",
    "talk to a human",
    "größe passt nicht 😕",
    "können sie mir die adresse ändern",
    "je voudrais parler à quelqu'un",
)

VARIABLES = ("Kundennummer", "Anliegen", "Sprache", "Wartezeit", "Versuche", "Kunde_Name", "IstVIP", "Termin")

QUEUES = ("Rechnung", "Bestellung", "VIP", "Technik", "Zurückgestellt", "Español")

TABLES = ("Öffnungszeiten", "Feiertage", "Ansagen", "Postleitzahlen")
