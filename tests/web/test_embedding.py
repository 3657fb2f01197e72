"""The widget on a customer's page, which is of another origin than the server."""

import pytest

pytestmark = pytest.mark.slow


def test_a_visitor_of_another_origins_page_is_answered(visitor):
    visitor.open()

    visitor.say("Hello there")

    assert visitor.answers.last.inner_text().count("You said: Hello there") == 1
    assert visitor.complaints == []
