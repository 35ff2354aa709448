import pytest

from kakehashi.sources.latex import plain_text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"M{\"{u}}ller", "Müller"),
        (r"H\"older", "Hölder"),
        (r"\'{\i}n", "ín"),
        (r"d'\'Etat", "d'État"),
        (r"\v{S}o\'c", "Šoć"),
        (r"G\"{o}del--{E}scher", "Gödel--Escher"),
        (r"\L{}\'od\'z", "Łódź"),
        (r"\o re", "øre"),
        (r"Stra\ss{}e", "Straße"),
        (r"\LaTeX documents", "LaTeX documents"),
        (r"\emph{Homo} sapiens", "Homo sapiens"),
        (r"\url{http://a.b/c_d}", "http://a.b/c_d"),
        (r"\textless{}b\textgreater{}", "<b>"),
        (r"$\alpha$-divergence of $k$-means", "α-divergence of k-means"),
        (r"14-23\% less", "14-23% less"),
        (r"14-23\\% less", "14-23% less"),
        ("5% of US$ 3 {million}", "5% of US$ 3 million"),
        (r"5\,mm \& R\&D", "5 mm & R&D"),
        (r"Jo\\textasciitilde {a}o", "João"),
        ("\\", ""),
    ],
)
def test_latex_becomes_plain_text(written, read):
    assert plain_text(written) == read


def test_text_without_latex_is_left_alone():
    assert plain_text("50% ~ R&D, #1 \"a\" 'b' _c_ ^d") == "50% ~ R&D, #1 \"a\" 'b' _c_ ^d"
