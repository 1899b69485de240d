"""Thirteen questions of real closing surveys as a district would bring them: an XLSForm, and the sheets beside it.

The questions are named, and answered, as in The Carpentries' "assessment" repository (CC BY 4.0), with words of ours.
"""

import csv
import io
from pathlib import Path

from openpyxl import Workbook

AGREE = {
    "Strongly Agree": "Muy de acuerdo",
    "Agree": "De acuerdo",
    "Neither Agree nor Disagree": "Ni de acuerdo ni en desacuerdo",
    "Disagree": "En desacuerdo",
    "Strongly Disagree": "Muy en desacuerdo",
}
PACE = {
    "Too slow": "Muy lento",
    "Slightly slow": "Un poco lento",
    "Just right": "Bien así",
    "Slightly fast": "Un poco rápido",
    "Too fast": "Muy rápido",
}
HANDS_ON = {
    "Too much lecture": "Demasiada explicación",
    "Slightly too much lecture": "Un poco más de explicación",
    "Balanced (lecture/hands-on)": "Por igual",
    "Slightly too much hands-on": "Un poco más de práctica",
    "Too much hands-on": "Demasiada práctica",
}
OFTEN = {
    "Never": "Nunca",
    "Rarely": "Pocas veces",
    "Sometimes": "A veces",
    "Often": "Muchas veces",
    "All of the time": "Siempre",
}
NEW = {
    "None of it": "Nada",
    "Some of it": "Una parte",
    "About half of it": "Como la mitad",
    "Most of it": "La mayor parte",
    "All of it": "Todo",
}
# Each list with the answers that count as favourable.
LISTS = {
    "agree": (AGREE, {"Strongly Agree", "Agree"}),
    "pace": (PACE, {"Just right"}),
    "hands_on": (HANDS_ON, {"Balanced (lecture/hands-on)"}),
    "often": (OFTEN, {"Often", "All of the time"}),
    "new": (NEW, {"Most of it", "All of it"}),
}
# Name, list, whether it is a scale, the question and its fact, in Spanish and in English.
QUESTIONS = (
    ("InformationReasonableTime", "agree", True, "Hubo tiempo suficiente para lo que se enseñó.",
     "There was enough time for what was taught.", "tuvieron tiempo suficiente", "had enough time"),
    ("AtmosphereWelcoming", "agree", True, "El ambiente fue acogedor.",
     "The atmosphere was welcoming.", "sintieron un ambiente acogedor", "found the atmosphere welcoming"),
    ("LearnedSkills", "agree", True, "Aprendí cosas que puedo usar.",
     "I learned skills that I can use.", "aprendieron cosas que pueden usar", "learned skills that they can use"),
    ("Material", "agree", True, "El material sirvió.",
     "The material was useful.", "dicen que el material sirvió", "say that the material was useful"),
    ("Recommend", "agree", True, "Lo recomendaría.",
     "I would recommend it.", "lo recomendarían", "would recommend it"),
    ("Worth", "agree", True, "Valió la pena venir.",
     "It was worth coming.", "dicen que valió la pena", "say that it was worth coming"),
    ("Pace", "pace", False, "¿Cómo le pareció el ritmo?",
     "How was the pace?", "dicen que el ritmo estuvo bien", "say that the pace was right"),
    ("HandsOn", "hands_on", False, "¿Qué hubo más, explicación o práctica?",
     "Was there more lecture or more practice?", "dicen que hubo de las dos cosas", "say that it was balanced"),
    ("TrainersClearAnswers", "often", True, "Las respuestas de quienes enseñan fueron claras.",
     "The trainers gave clear answers.", "recibieron respuestas claras", "got clear answers"),
    ("TrainersConsiderate", "often", True, "Quienes enseñan fueron atentos.",
     "The trainers were considerate.", "recibieron un trato atento", "met considerate trainers"),
    ("TrainersCommunicators", "often", True, "Quienes enseñan se explicaron bien.",
     "The trainers explained things well.", "entendieron a quienes enseñan", "understood the trainers"),
    ("TrainersEnthusiastic", "often", True, "Quienes enseñan contagiaron su entusiasmo.",
     "The trainers were enthusiastic.", "sintieron entusiasmo", "met enthusiastic trainers"),
    ("NewInformation", "new", False, "¿Cuánto de lo que se dijo fue nuevo?",
     "How much of it was new?", "oyeron sobre todo cosas nuevas", "heard mostly new things"),
)  # fmt: skip


def value_of(words):
    """Return the name of an answer in the file, or None where nobody answered."""
    plain = words.replace("\u00a0", " ").strip()
    return "".join(sign if sign.isalnum() else "_" for sign in plain.lower()) or None


def form():
    """Return the XLSForm, as a district's own spreadsheet would say it: nothing of it is made by the product."""
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    labels = ["label::Español (es)", "label::English (en)"]
    survey.append(["type", "name", *labels, "fact::Español (es)", "fact::English (en)", "appearance"])
    for name, answers, is_scale, es, en, fact_es, fact_en in QUESTIONS:
        survey.append([f"select_one {answers}", name, es, en, fact_es, fact_en, "likert" if is_scale else None])
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", *labels, "favourable"])
    for name, (answers, favourable) in LISTS.items():
        for en, es in answers.items():
            choices.append([name, value_of(en), es, en, "yes" if en in favourable else None])
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id"])
    settings.append(["After the training", "carpentries"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheets(path):
    """Yield (group, answers by question) for each sheet of the file `carpentries-training-2018.csv`."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["MemberSite"], {name: value_of(row[name]) for name, *_rest in QUESTIONS}
