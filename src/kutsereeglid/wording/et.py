"""Eesti keel."""

from datetime import date

from kutsereeglid.dates import MonthDay
from kutsereeglid.status import Outcome, Status

NAME = "eesti keel"
TODAY = "hindamise päev"
SENTENCES = {
    "announced": "voor on välja kuulutatud",
    "not announced": "voor ei ole välja kuulutatud",
    "day": "{whole}: {compared}",
    "not day": "ei kehti, et {whole}: {compared}",
    "fact": "{fact}: {compared}",
    "not fact": "ei kehti, et {fact}: {compared}",
    "some": "{records}{where}: vähemalt üks",
    "not some": "{records}{where}: mitte ühtegi",
    "document": "dokument{where}",
    "not document": "ei ole dokumenti{where}",
    "count": "{records}{where}: vähemalt {needed}",
    "not count": "{records}{where}: vähem kui {needed}",
    "distinct": "{records}{where}: vähemalt {needed} erinevat ({field})",
    "not distinct": "{records}{where}: vähem kui {needed} erinevat ({field})",
    "distinct more": "{records}{where}: rohkem kui {needed} erinevat ({field})",
    "not distinct more": "{records}{where}: kuni {needed} erinevat ({field})",
    "sum": "{records}{where}: {field} kokku vähemalt {needed}",
    "not sum": "{records}{where}: {field} kokku alla {needed}",
    "sum more": "{records}{where}: {field} kokku üle {needed}",
    "not sum more": "{records}{where}: {field} kokku kuni {needed}",
    "count more": "{records}{where}: rohkem kui {needed}",
    "not count more": "{records}{where}: kuni {needed}",
    "average": "{records}{where}: {field} keskmiselt {compared}",
    "not average": "{records}{where}: ei kehti, et {field} on keskmiselt {compared}",
    "weighted": "{records}{where}: {field} kaalutud keskmisena ({weight}) {compared}",
    "not weighted": "{records}{where}: ei kehti, et {field} on kaalutud keskmisena ({weight}) {compared}",
    "share": "{records}{where}{of_field}: sellest nõutud liiki {compared}",
    "not share": "{records}{where}{of_field}: ei kehti, et nõutud liiki on {compared}",
    "of which": "nõutud liiki: {records}{where}",
    "total": "kokku vähemalt {needed}: {parts}",
    "not total": "kokku vähem kui {needed}: {parts}",
    "total more": "kokku rohkem kui {needed}: {parts}",
    "not total more": "kokku kuni {needed}: {parts}",
    "part": "{part}: {records}{where}{of_field}{worth}{bounds}",
    "part if": "{part}: {given}{bounds}",
    "part best of": "{part}: suurim järgmistest{bounds}",
    "used_once": "{records}{where}, igaüht arvestatakse üks kord: {parts}",
    "not used_once": "{records}{where}, igaüht üks kord arvestades, ei kata: {parts}",
    "span": "{records}{where}: esimesest päevast viimaseni vähemalt {term}",
    "not span": "{records}{where}: esimesest päevast viimaseni vähem kui {term}",
    "unbroken": "{records}{where}: katkestuseta vähemalt {term}",
    "not unbroken": "{records}{where}: katkestuseta vähem kui {term}",
    "counted parts": "seisuga {day} on: {parts}",
    "counted total": "seisuga {day} kokku {number}: {parts}",
    "time": "{records}{where}: kokku vähemalt {term}",
    "not time": "{records}{where}: kokku vähem kui {term}",
    "judged": "{by} on otsustanud jaatavalt: {question}",
    "not judged": "{by} on otsustanud eitavalt: {question}",
    "given": "antud on {value}",
    "given none": "loetelu on tühi",
    "not happened": "seisuga {day} ei ole toimunud",
    "counted": "seisuga {day} leitud {number}",
    "time counted": "seisuga {day} arvestatud {months} kuud ({ranges})",
    "no time": "seisuga {day} ei ole arvestatavat aega",
    "all of": "kõik järgmised",
    "any of": "vähemalt üks järgmistest",
    "at least": "vähemalt {needed} järgmistest",
    "agree": "otsustamata tõlgendus: {question}",
    "always": "tingimust ei ole",
    "never": "ei täitu kunagi",
    "listed": "{fact}: loetelu on antud",
    "not listed": "{fact}: loetelu ei ole antud",
    "out of force": "kehtib ainult {window}",
    "path applies": "tee „{path}” on avatud",
}
AND = "ja"
OR = "või"
DECIMAL = ","
NEGATED = "ei kehti: {}"
COMPARED = {
    "or_none": "või puudub",
    "is": "on {}",
    "is_not": "ei ole {}",
    "at_least": "vähemalt {}",
    "at_most": "kuni {}",
    "more_than": "rohkem kui {}",
    "less_than": "vähem kui {}",
    "includes": "sisaldab kõiki: {}",
    "includes_any": "sisaldab vähemalt ühte: {}",
    "from": "alates: {}",
    "by": "hiljemalt: {}",
    "before": "enne: {}",
    "after": "pärast: {}",
}
OFFSET = {"before": "{term} enne ({day})", "after": "{term} pärast ({day})"}
EXTREME = {"later": "hilisem päevadest: {} ja {}", "earlier": "varasem päevadest: {} ja {}"}
END_OF = {"year": "aasta lõpp ({})", "month": "kuu lõpp ({})"}
RECURRING = {
    "from": "järgmine {days}, kõige varem: {day}",
    "after": "järgmine {days} pärast ({day})",
    "by": "viimane {days}, kõige hiljem: {day}",
    "before": "viimane {days} enne ({day})",
}
OTHERWISE = "{}, seni {}"
IN_ONE = "kõik ühe väärtusega: {}"
CAPPED = "igast väärtusest kuni {1}: {0}"
CAPPED_EACH = {
    "day": "iga päeva kohta kuni {}",
    "month": "iga kuu kohta kuni {}",
    "year": "iga aasta kohta kuni {}",
}
WORTH = "{each} = {amount}"
FULL = "{} (ainult täis)"
EACH_ONE = "iga"
WITHIN = "ajavahemikus: {}"
BOUNDS = {"from": "alates: {}", "to": "kuni: {}"}
UNITS = {
    "days": ("päev", "päeva"),
    "weeks": ("nädal", "nädalat"),
    "months": ("kuu", "kuud"),
    "years": ("aasta", "aastat"),
    "working days": ("tööpäev", "tööpäeva"),
    "hours": ("tund", "tundi"),
    "minutes": ("minut", "minutit"),
    "academic hours": ("akadeemiline tund", "akadeemilist tundi"),
    "ECTS credits": ("ainepunkt (EAP)", "ainepunkti (EAP)"),
    "percent": ("protsent", "protsenti"),
}
LABELS = {
    "birth_date": "sünniaeg",
    "employments": "töökohad",
    "documents": "dokumendid",
    "documents.positions": "tõendatud ametikohad",
    "exam": "eksam",
    "exam.date": "eksamipäev",
    "round.opens": "vooru esimene esitamise päev",
    "round.closes": "vooru viimane esitamise päev",
    "round.exam": "vooru eksamipäev",
    "exam_project": "eksamitöö",
    "exam_project.field": "eksamitöö valdkond",
    "exam_project.basis": "eksamitöö alus",
    "exam_project.topics": "eksamitöö teemad",
    "exam_project.hours": "eksamitöö maht tundides",
    "exam_project.parts": "eksamitöö osad",
    "exam_project.presented": "eksamitöö esitluse päev",
    "application.submitted": "taotluse esitamise päev",
    "application.asks": "mida taotletakse",
    "education": "haridus",
    "trainings": "koolitused",
    "qualifications": "olemasolevad kutsed",
    "activities": "tegevused",
    "judgements": "inimese otsus",
    "calendar.month_end": "kuu lõpu reegel",
    "readings": "tõlgenduse valik",
    "employer": "tööandja",
    "position": "ametikoht",
    "field": "valdkond",
    "start": "algus",
    "end": "lõpp",
    "workload": "koormus",
    "kind": "liik",
    "suspensions": "peatumised",
    "type": "liik",
    "issued": "väljastamise päev",
    "submitted": "esitamise päev",
    "signed_by": "allkirjastaja",
    "accepted": "kutse andja hinnang",
    "valid_from": "kehtiv alates",
    "valid_to": "kehtiv kuni",
    "positions": "ametikohad",
    "level": "tase",
    "completed": "lõpetamise päev",
    "topic": "teema",
    "hours": "tunnid",
    "provider": "koolitaja",
    "id": "tunnus",
    "date": "päev",
    "quantity": "kogus",
    "unit": "ühik",
    "category": "kategooria",
    "application.sent": "taotluse saatmise päev",
    "application.kind": "taotluse liik",
    "application.round": "voor",
    "languages": "keeled",
    "results": "tulemused",
    "payments": "maksed",
    "decisions": "varasemad otsused",
    "states": "mida tõendab",
    "sent": "saatmise päev",
    "credits": "ainepunktid",
    "institution": "õppeasutus",
    "provider_kind": "koolitaja liik",
    "language": "keel",
    "proved": "tõendamise päev",
    "score": "punktid",
    "passed": "sooritatud",
    "amount": "summa",
    "paid": "maksmise päev",
    "outcome": "otsus",
}
VALUES = {
    "employer": "tööandja",
    "applicant": "taotleja",
    "body": "kutse andja",
    "committee": "hindamiskomisjon",
    "school": "kool",
    "employment": "töösuhe",
    "internship": "praktika",
    "self-employment": "ettevõtlus",
    "True": "jah",
    "False": "ei",
}
STATUS = {
    Status.MET: "täidetud",
    Status.NOT_MET: "täitmata",
    Status.OPEN: "veel täitmata, saab täita",
    Status.UNKNOWN: "ei ole teada",
}
OUTCOME = {
    Outcome.ELIGIBLE: "tingimused on täidetud",
    Outcome.PENDING: "tingimused on veel täitmata, neid saab täita",
    Outcome.INELIGIBLE: "tingimused on täitmata",
    Outcome.UNDETERMINED: "ei ole teada, sest andmeid on puudu",
}
KINDS = {
    "prerequisite": "eeltingimus",
    "document": "dokument",
    "due date": "tähtaeg",
    "exam project": "eksamitöö",
    "exam": "eksam",
}
EXPLAIN = {
    "as_of": "Hinnatud seisuga {day}; reeglistik {ruleset}, versioon {version}.",
    "outcome": "{stage}: {outcome}",
    "due": "hiljemalt {day}",
    "was_due": "tähtpäev oli {day}",
    "earliest": "täitub kõige varem {day}",
    "too_late": "täituks kõige varem {day}, pärast tähtpäeva",
    "missing": "puudub: {facts}",
    "not_applies": "ei kohaldu",
    "advisory": "soovituslik",
    "curable": "puudust saab kõrvaldada",
    "contested": "teise tõlgenduse järgi {status}: {about} – {option}",
    "discretion": "otsustab {who}",
    "path": "tee: {path}",
    "one_of_paths": "Piisab ühest neist teedest",
    "lacks": "puudu: {lacking}",
    "source": "Alus: {source}",
    "chosen": "kui eksamipäev on valitud",
    "none": "Nõudeid ei ole.",
    "ruleset": "Reeglistik {ruleset}, versioon {version}.",
    "not_encoded": "Reeglitena kirja panemata",
    "due_rule": "tähtpäev: {day}",
    "readings": "Tõlgendused",
    "timeline": "Tähtpäevad, kui eksam on {day}",
    "moved": "nihutatud puhkepäevalt, mis oli {day}",
    "hangs_on": "oleneb: {facts}",
    "builds_on": "Kuidas reeglid üksteisele toetuvad",
    "taken": "valitud",
    "not_taken": "valimata",
    "versions": "Versioonid",
    "in_force": "kehtib alates {first} kuni {last}",
    "further_notice": "edasise teateni",
    "for_approval": "Kinnitamiseks: mida reeglid nõuavad ja millistele sõnadele nad toetuvad.",
    "rests_on": "{rule} toetub: {others}",
    "on_the_page": "Sellel lehel",
    "requirements": "Nõuded",
}


def plural(count: float, forms: tuple[str, ...]) -> str:
    return forms[0] if count == 1 else forms[1]


def day(value: date) -> str:
    return f"{value.day:02}.{value.month:02}.{value.year}"


def month_day(value: MonthDay) -> str:
    return f"{value.day:02}.{value.month:02}."
