"""How many consults may be in flight: always some, more at the pace of the last seconds, and never more than the most."""

from hypothesis import given
from hypothesis import strategies as st

from consilium_gateway.load import RETRY_LONGEST_S, WINDOW_S, Load, Look

ALWAYS, MOST, BUDGET_S = 10, 200, 4.0


def load() -> Load:
    return Load(ALWAYS, MOST, BUDGET_S)


def flowing(per_s: float, in_flight: int) -> Load:
    """Return a load that has seen so many end a second."""
    found = load()
    for tick in range(13):
        found.saw(Look(tick / 4, in_flight, int(1000 + per_s * tick / 4)))
    return found


def test_some_are_always_let_in_and_the_next_is_told_when_to_come_back():
    found = load()
    assert [found.admit() for _ in range(ALWAYS)] == [None] * ALWAYS
    assert found.admit() == 1


def test_more_are_let_in_as_far_as_they_end_in_time():
    found = flowing(per_s=20, in_flight=0)
    assert found.limit == 20 * BUDGET_S
    assert [found.admit() for _ in range(80)] == [None] * 80
    assert found.admit() is not None


def test_who_is_refused_comes_back_when_there_is_room():
    found = flowing(per_s=20, in_flight=180)
    assert found.limit == 80
    assert found.admit() == 6, "101 must end first, at 20 a second"


def test_what_was_admitted_here_is_counted_until_the_streams_show_it():
    found = flowing(per_s=0, in_flight=4)
    for _ in range(3):
        assert found.admit() is None
    found.saw(Look(10.0, 4, 1000), found.fresh)
    assert found.in_flight == 7, "they are still on their way"
    for _ in range(2):
        found.handed_over()
    before = found.fresh
    found.handed_over()  # while the streams are asked
    found.saw(Look(10.1, 6, 1002), before)
    assert found.in_flight == 7
    found.saw(Look(10.2, 7, 1003), found.fresh)
    assert found.in_flight == 7
    found.admit()
    found.take_back()
    assert found.in_flight == 7


def test_a_stream_that_was_made_anew_is_no_flood_of_endings():
    found = flowing(per_s=20, in_flight=5)
    found.saw(Look(4.0, 0, 3))
    assert found.ended_per_s == 0
    assert found.limit == ALWAYS


looks = st.lists(
    st.tuples(st.floats(0.01, 2 * WINDOW_S), st.integers(0, 400), st.integers(0, 500), st.integers(0, 50)), max_size=30
)


@given(looks)
def test_whatever_the_streams_say_the_limits_hold(steps):
    found, at_s, submitted = load(), 0.0, 0
    for passed_s, in_flight, more, asked in steps:
        at_s, submitted = at_s + passed_s, submitted + more
        found.saw(Look(at_s, in_flight, submitted), found.fresh)
        assert ALWAYS <= found.limit <= MOST
        for _ in range(asked):
            room = found.in_flight < found.limit
            wait_s = found.admit()
            assert (wait_s is None) == room
            assert wait_s is None or 1 <= wait_s <= RETRY_LONGEST_S
            if wait_s is None:
                found.handed_over()
