"""Русский язык."""

from datetime import date

from kutsereeglid.dates import MonthDay
from kutsereeglid.status import Outcome, Status

NAME = "русский язык"
TODAY = "день оценки"
SENTENCES = {
    "announced": "тур объявлен",
    "not announced": "тур не объявлен",
    "day": "{whole}: {compared}",
    "not day": "не верно, что {whole}: {compared}",
    "fact": "{fact}: {compared}",
    "not fact": "не выполняется: {fact}: {compared}",
    "some": "{records}{where}: хотя бы одна запись",
    "not some": "{records}{where}: ни одной записи",
    "document": "документ{where}",
    "not document": "нет документа{where}",
    "count": "{records}{where}: не менее {needed}",
    "not count": "{records}{where}: менее {needed}",
    "distinct": "{records}{where}: не менее {needed} разных ({field})",
    "not distinct": "{records}{where}: менее {needed} разных ({field})",
    "distinct more": "{records}{where}: больше {needed} разных ({field})",
    "not distinct more": "{records}{where}: не больше {needed} разных ({field})",
    "sum": "{records}{where}: {field}: всего не менее {needed}",
    "not sum": "{records}{where}: {field}: всего менее {needed}",
    "sum more": "{records}{where}: {field}: всего более {needed}",
    "not sum more": "{records}{where}: {field}: всего не более {needed}",
    "count more": "{records}{where}: больше {needed}",
    "not count more": "{records}{where}: не больше {needed}",
    "average": "{records}{where}: {field} в среднем {compared}",
    "not average": "{records}{where}: неверно, что {field} в среднем {compared}",
    "weighted": "{records}{where}: {field} в среднем, с весом ({weight}), {compared}",
    "not weighted": "{records}{where}: неверно, что {field} в среднем, с весом ({weight}), {compared}",
    "share": "{records}{where}{of_field}: из этого требуемого вида {compared}",
    "not share": "{records}{where}{of_field}: неверно, что требуемого вида {compared}",
    "of which": "требуемого вида: {records}{where}",
    "total": "всего не менее {needed}: {parts}",
    "not total": "всего менее {needed}: {parts}",
    "total more": "всего больше {needed}: {parts}",
    "not total more": "всего не больше {needed}: {parts}",
    "part": "{part}: {records}{where}{of_field}{worth}{bounds}",
    "part if": "{part}: {given}{bounds}",
    "part best of": "{part}: наибольшее из следующего{bounds}",
    "used_once": "{records}{where}, каждая запись один раз: {parts}",
    "not used_once": "{records}{where}, каждая запись один раз, не дают: {parts}",
    "span": "{records}{where}: от первого дня до последнего не менее {term}",
    "not span": "{records}{where}: от первого дня до последнего менее {term}",
    "unbroken": "{records}{where}: без перерыва не менее {term}",
    "not unbroken": "{records}{where}: без перерыва менее {term}",
    "counted parts": "на {day} есть: {parts}",
    "counted total": "на {day} всего {number}: {parts}",
    "time": "{records}{where}: всего не менее: {term}",
    "not time": "{records}{where}: всего менее: {term}",
    "judged": "{by}: решено положительно: {question}",
    "not judged": "{by}: решено отрицательно: {question}",
    "given": "указано: {value}",
    "given none": "список пуст",
    "not happened": "по состоянию на {day} не состоялось",
    "counted": "по состоянию на {day} найдено: {number}",
    "time counted": "по состоянию на {day} засчитано месяцев: {months} ({ranges})",
    "no time": "по состоянию на {day} засчитывать нечего",
    "all of": "всё перечисленное",
    "any of": "хотя бы одно из перечисленного",
    "at least": "не менее {needed} из перечисленного",
    "agree": "толкование не выбрано: {question}",
    "always": "условия нет",
    "never": "никогда не выполняется",
    "listed": "{fact}: перечень дан",
    "not listed": "{fact}: перечень не дан",
    "out of force": "действует только {window}",
    "path applies": "путь «{path}» открыт заявителю",
}
AND = "и"
OR = "или"
DECIMAL = ","
NEGATED = "не выполняется: {}"
COMPARED = {
    "or_none": "или отсутствует",
    "is": "это {}",
    "is_not": "не {}",
    "at_least": "не менее {}",
    "at_most": "не более {}",
    "more_than": "более {}",
    "less_than": "менее {}",
    "includes": "включает всё: {}",
    "includes_any": "включает хотя бы одно: {}",
    "from": "начиная с: {}",
    "by": "не позднее: {}",
    "before": "раньше: {}",
    "after": "после: {}",
}
OFFSET = {"before": "{term} до ({day})", "after": "{term} после ({day})"}
EXTREME = {"later": "более поздний из дней: {} и {}", "earlier": "более ранний из дней: {} и {}"}
END_OF = {"year": "конец года ({})", "month": "конец месяца ({})"}
RECURRING = {
    "from": "следующее {days}, не ранее: {day}",
    "after": "следующее {days} после ({day})",
    "by": "последнее {days}, не позднее: {day}",
    "before": "последнее {days} до ({day})",
}
OTHERWISE = "{}, а до того {}"
IN_ONE = "с одним значением: {}"
CAPPED = "не более {1} на каждое значение: {0}"
CAPPED_EACH = {
    "day": "не более {} за каждый день",
    "month": "не более {} за каждый месяц",
    "year": "не более {} за каждый год",
}
WORTH = "{each} = {amount}"
FULL = "{} (только полный)"
EACH_ONE = "каждый"
WITHIN = "в период: {}"
BOUNDS = {"from": "с: {}", "to": "по: {}"}
UNITS = {
    "days": ("день", "дня", "дней"),
    "weeks": ("неделя", "недели", "недель"),
    "months": ("месяц", "месяца", "месяцев"),
    "years": ("год", "года", "лет"),
    "working days": ("рабочий день", "рабочих дня", "рабочих дней"),
    "hours": ("час", "часа", "часов"),
    "minutes": ("минута", "минуты", "минут"),
    "academic hours": ("академический час", "академических часа", "академических часов"),
    "ECTS credits": ("зачётная единица (ECTS)", "зачётные единицы (ECTS)", "зачётных единиц (ECTS)"),
    "percent": ("процент", "процента", "процентов"),
}
LABELS = {
    "birth_date": "дата рождения",
    "employments": "места работы",
    "documents": "документы",
    "documents.positions": "подтверждённые должности",
    "exam": "экзамен",
    "exam.date": "день экзамена",
    "round.opens": "первый день подачи в этом туре",
    "round.closes": "последний день подачи в этом туре",
    "round.exam": "день экзамена этого тура",
    "exam_project": "экзаменационная работа",
    "exam_project.field": "область экзаменационной работы",
    "exam_project.basis": "основа экзаменационной работы",
    "exam_project.topics": "темы экзаменационной работы",
    "exam_project.hours": "объём экзаменационной работы в часах",
    "exam_project.parts": "части экзаменационной работы",
    "exam_project.presented": "день представления экзаменационной работы",
    "application.submitted": "день подачи заявления",
    "application.asks": "о чём просят в заявлении",
    "education": "образование",
    "trainings": "обучение",
    "qualifications": "имеющиеся квалификации",
    "activities": "деятельность",
    "judgements": "решение человека",
    "calendar.month_end": "правило конца месяца",
    "readings": "выбор толкования",
    "employer": "работодатель",
    "position": "должность",
    "field": "область",
    "start": "начало",
    "end": "конец",
    "workload": "нагрузка",
    "kind": "вид",
    "suspensions": "приостановления",
    "type": "вид",
    "issued": "день выдачи",
    "submitted": "день подачи",
    "signed_by": "кем подписано",
    "accepted": "оценка присваивающего органа",
    "valid_from": "действует с",
    "valid_to": "действует до",
    "positions": "должности",
    "level": "уровень",
    "completed": "день завершения",
    "topic": "тема",
    "hours": "часы",
    "provider": "организатор обучения",
    "id": "обозначение",
    "date": "день",
    "quantity": "количество",
    "unit": "единица",
    "category": "категория",
    "application.sent": "день отправки заявления",
    "application.kind": "вид заявления",
    "application.round": "тур",
    "languages": "языки",
    "results": "результаты",
    "payments": "платежи",
    "decisions": "прежние решения",
    "states": "что удостоверяет",
    "sent": "день отправки",
    "credits": "зачётные единицы",
    "institution": "учебное заведение",
    "provider_kind": "вид организатора",
    "language": "язык",
    "proved": "день подтверждения",
    "score": "баллы",
    "passed": "сдано",
    "amount": "сумма",
    "paid": "день оплаты",
    "outcome": "решение",
}
VALUES = {
    "employer": "работодатель",
    "applicant": "заявитель",
    "body": "присваивающий орган",
    "committee": "оценочная комиссия",
    "school": "школа",
    "employment": "трудовые отношения",
    "internship": "практика",
    "self-employment": "предпринимательство",
    "True": "да",
    "False": "нет",
}
STATUS = {
    Status.MET: "выполнено",
    Status.NOT_MET: "не выполнено",
    Status.OPEN: "ещё не выполнено, можно выполнить",
    Status.UNKNOWN: "неизвестно",
}
OUTCOME = {
    Outcome.ELIGIBLE: "условия выполнены",
    Outcome.PENDING: "условия ещё не выполнены, их можно выполнить",
    Outcome.INELIGIBLE: "условия не выполнены",
    Outcome.UNDETERMINED: "неизвестно, потому что не хватает данных",
}
KINDS = {
    "prerequisite": "предварительное условие",
    "document": "документ",
    "due date": "срок",
    "exam project": "экзаменационная работа",
    "exam": "экзамен",
}
EXPLAIN = {
    "as_of": "Оценено по состоянию на {day}; свод правил {ruleset}, версия {version}.",
    "outcome": "{stage}: {outcome}",
    "due": "не позднее {day}",
    "was_due": "срок был до {day} включительно",
    "earliest": "может быть выполнено с {day}",
    "too_late": "могло бы быть выполнено не раньше {day}, после срока",
    "missing": "не хватает: {facts}",
    "not_applies": "не применяется",
    "advisory": "рекомендация",
    "curable": "недостаток можно устранить",
    "contested": "по другому толкованию {status}: {about} – {option}",
    "discretion": "решает {who}",
    "path": "путь: {path}",
    "one_of_paths": "Достаточно одного из этих путей",
    "lacks": "не хватает: {lacking}",
    "source": "Основание: {source}",
    "chosen": "когда день экзамена выбран",
    "none": "Требований нет.",
    "ruleset": "Свод правил {ruleset}, версия {version}.",
    "not_encoded": "Не записано в виде правил",
    "due_rule": "срок: {day}",
    "readings": "Толкования",
    "timeline": "Сроки, если экзамен {day}",
    "moved": "перенесено с выходного дня {day}",
    "hangs_on": "зависит от: {facts}",
    "builds_on": "Как правила опираются друг на друга",
    "taken": "выбрано",
    "not_taken": "не выбрано",
    "versions": "Версии",
    "in_force": "действует с {first} по {last}",
    "further_notice": "дальнейшее уведомление",
    "for_approval": "На утверждение: чего требуют правила и на какие слова они опираются.",
    "rests_on": "{rule} опирается на: {others}",
    "on_the_page": "На этой странице",
    "requirements": "Требования",
}


def plural(count: float, forms: tuple[str, ...]) -> str:
    if count != int(count):
        return forms[1]
    last, two = int(count) % 10, int(count) % 100
    if last == 1 and two != 11:
        return forms[0]
    return forms[1] if last in (2, 3, 4) and two not in (12, 13, 14) else forms[2]


def day(value: date) -> str:
    return f"{value.day:02}.{value.month:02}.{value.year}"


def month_day(value: MonthDay) -> str:
    return f"{value.day:02}.{value.month:02}"
