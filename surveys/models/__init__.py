"""Questions, forms opened to people, boxes in which answers stay sealed, and what is released of them."""

from surveys.models.forms import Form, FormPerson, InboxBox, KeyRing, Wave
from surveys.models.instruments import Instrument, Item, Option
from surveys.models.waves import Comment, CommentBatch, EvaluatorFile, Release, Sheet, WaitingComment

__all__ = [
    "Comment",
    "CommentBatch",
    "EvaluatorFile",
    "Form",
    "FormPerson",
    "InboxBox",
    "Instrument",
    "Item",
    "KeyRing",
    "Option",
    "Release",
    "Sheet",
    "WaitingComment",
    "Wave",
]
