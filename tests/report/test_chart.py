from xml.etree import ElementTree

from evidence.report.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, Chart


def chart(title="a chart"):
    return Chart(title, Axis("across", 0, 10, ((0, "0"), (10, "ten"))), Axis("up", 0, 1, ()))


def drawn(chart):
    return ElementTree.fromstring(chart.svg())  # noqa: S314 - our own words


def test_a_chart_is_well_formed_whatever_its_words_are():
    made = chart('<b> & "quotes" ]]> \'')
    made.words(5, 0.5, "</text><script>alert(1)</script>")
    root = drawn(made)
    assert root.find("title").text == '<b> & "quotes" ]]> \''
    assert "</text><script>alert(1)</script>" in [text.text for text in root.iter("text")]
    assert not list(root.iter("script"))


def test_the_ends_of_the_axes_are_the_corners_of_the_frame():
    made = chart()
    made.line([(0, 0), (10, 1)], "red")
    ((x1, y1), (x2, y2)) = [
        tuple(map(float, point.split(",")))
        for point in drawn(made).find("polyline").get("points").split()
    ]
    assert (x1, y1) == (LEFT, HEIGHT - BOTTOM)
    assert (x2, y2) == (WIDTH - RIGHT, TOP)


def test_what_lies_beyond_an_axis_is_drawn_at_its_end():
    made = chart()
    made.line([(-5, 0.5), (float("inf"), 0.5)], "red")
    left, right = drawn(made).find("polyline").get("points").split()
    assert float(left.split(",")[0]) == LEFT
    assert float(right.split(",")[0]) == WIDTH - RIGHT


def test_a_bar_is_as_high_as_its_value():
    made = chart()
    made.bar(0, 10, 0, 0.5, "red")
    bar = next(one for one in drawn(made).iter("rect") if one.get("fill") == "red")
    assert float(bar.get("height")) == (HEIGHT - TOP - BOTTOM) / 2
    assert float(bar.get("width")) == WIDTH - LEFT - RIGHT
