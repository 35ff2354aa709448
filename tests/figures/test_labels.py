"""Labels: the promises that a map's reader relies on, for any points."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.figures.labels import Box, Mark, place, shorten, text_width

FRAME = Box(0, 0, 320, 260)
NAMES = st.text(alphabet="aMil 日本国ñ", max_size=14)
MARKS = st.lists(
    st.builds(Mark, st.floats(0, 320), st.floats(0, 260), st.floats(1, 30), NAMES, st.booleans()), max_size=25
)


@given(MARKS)
@settings(max_examples=60, deadline=None)
def test_no_two_labels_overlap_and_none_leaves_the_frame(marks):
    boxes = [label.box for label in place(marks, FRAME, 11) if label is not None]
    assert all(box.inside(FRAME) for box in boxes)
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


@given(MARKS)
@settings(max_examples=30, deadline=None)
def test_labels_keep_off_texts_already_drawn(marks):
    drawn = Box(100, 100, 220, 140)
    assert not any(label.box.overlaps(drawn) for label in place(marks, FRAME, 11, [drawn]) if label is not None)


@given(MARKS)
@settings(max_examples=20, deadline=None)
def test_the_same_points_give_the_same_places(marks):
    assert place(marks, FRAME, 11) == place(marks, FRAME, 11)


def test_a_lone_label_stands_right_of_its_point():
    (label,) = place([Mark(100, 100, 4, "Japan")], FRAME, 11)
    assert label is not None
    assert (label.align, label.x, label.y, label.leader) == ("left", 106, 100, None)


def test_the_more_important_of_two_points_in_one_place_is_labelled_first():
    tight = Box(80, 92, 145, 108)
    first, second = place([Mark(100, 100, 4, "Japan"), Mark(100, 100, 4, "Korea")], tight, 11)
    assert first is not None
    assert second is None


def test_a_far_label_has_a_leader_line():
    walls = [Box(50, 60, 99, 140), Box(101, 60, 150, 140)]
    (label,) = place([Mark(100, 100, 4, "Japan")], FRAME, 11, walls)
    assert label is not None
    assert label.leader is not None
    assert label.y < 60


def test_a_label_never_covers_the_point_of_another():
    other = Mark(112, 100, 4, "")
    (label, _) = place([Mark(100, 100, 4, "Japan"), other], FRAME, 11)
    assert label is not None
    assert not label.box.overlaps(Box(108, 96, 116, 104))


def test_east_asian_letters_are_one_em_wide():
    assert text_width("日本", 10) == 20
    assert text_width("e\u0301", 10) == text_width("e", 10)


def test_a_shortened_text_fits_and_says_that_it_was_cut():
    short = shorten("サイバーセキュリティ技術", 10, 60)
    assert short.endswith("…")
    assert text_width(short, 10) <= 60
    assert shorten("AI", 10, 60) == "AI"
