"""What the web's roles can learn of who is written to: as good as nothing."""

import pytest
from django.db import ProgrammingError, transaction

from accounts.database import acting
from accounts.routes import AUDIENCES
from notifications import access, delivery
from notifications.models import Attempt, Intent, Message, MessagePerson, ProviderEvent
from tests.fakes import twilio as moods
from tests.notifications.cast import post, somebody

pytestmark = pytest.mark.django_db

UNSEEN = (Intent, Attempt, ProviderEvent)


@pytest.mark.parametrize("model", UNSEEN)
@pytest.mark.parametrize("audience", sorted(AUDIENCES))
def test_no_page_can_read_who_was_written_to(audience, model):
    with acting(audience), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.exists()


@pytest.mark.parametrize("audience", sorted(AUDIENCES - {"coordinator"}))
def test_only_the_coordinator_sees_what_became_of_messages(audience):
    for model in (Message, MessagePerson):
        with acting(audience), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.exists()


@pytest.mark.parametrize("audience", ["public", "person", "link", "caregiver", "facilitator", "coordinator", "leader"])
def test_whoever_may_cause_a_message_can_post_it(audience):
    ana = somebody("Ana", phone="+17735550101")
    with acting(audience):
        post(ana)
        post(ana)
    assert Intent.objects.count() == 1


def test_the_coordinator_sees_what_failed_but_no_second_request(twilio):
    twilio.answers = moods.REFUSES
    ana = somebody("Ana", phone="+17735550101")
    post(ana)
    post(ana, kind="second")
    with acting("worker"):
        delivery.go_round()
    assert Message.objects.filter(state="dead").count() == 2
    with acting("coordinator"):
        assert [row.message.kind for row in access.not_delivered([ana.pk])] == ["note"]
        assert MessagePerson.objects.count() == 1
