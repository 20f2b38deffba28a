"""The measures of relevance, by hand, and the command that prints them."""

import json
import math

import pytest
from django.core.management import CommandError, call_command

from search import evaluation
from search.models import IndexRow


def test_ndcg_weighs_grades_and_places():
    ratings = {"a": 3, "b": 2, "c": 1}
    best = 7 + 3 / math.log2(3) + 1 / 2
    assert evaluation.ndcg(["a", "b", "c"], ratings) == 1.0
    assert evaluation.ndcg(["x", "a"], ratings) == pytest.approx((7 / math.log2(3)) / best)
    assert evaluation.ndcg([], ratings) == 0.0


def test_a_question_that_nothing_answers_is_right_when_nothing_is_found():
    assert evaluation.ndcg([], {}) == 1.0
    assert evaluation.ndcg(["a"], {}) == 0.0


@pytest.mark.django_db
def test_the_command_measures_and_leaves_nothing_behind(tmp_path, capsys):
    corpus, judged, runs = tmp_path / "corpus.jsonl", tmp_path / "judged.jsonl", tmp_path / "runs.json"
    records = [
        {"id": "one", "kind": "service", "name": "Douche publique", "scope": "here"},
        {"id": "two", "kind": "structure", "name": "Laverie", "scope": "here", "description": "Une douche à côté"},
        {"id": "elsewhere", "kind": "service", "name": "Douche", "scope": "there"},
    ]
    corpus.write_text("\n".join(json.dumps(record) for record in records))
    questions = [
        {"qid": "Q1", "query": "douche", "types": ["word"], "ratings": {"one": 3, "two": 1}},
        {"qid": "Q2", "query": "xylophone", "types": ["none"], "ratings": {}},
    ]
    judged.write_text("\n".join(json.dumps(question) for question in questions))
    call_command(
        "search_eval", judgements=judged, corpus=corpus, scope="here", engine="database", runs=runs, verbosity=0
    )
    found = json.loads(capsys.readouterr().out)
    assert json.loads(runs.read_text()) == {"Q1": ["one", "two"], "Q2": []}
    assert (found["engine"], found["queries"], found["ndcg10"], found["success10"]) == ("database", 2, 1.0, 1.0)
    assert (found["mrr"], found["no_answer_ok"]) == (1.0, 1.0)
    assert found["by_type"] == {"word": [1.0, 1], "none": [1.0, 1]}
    assert found["p50_ms"] > 0
    assert not IndexRow.objects.filter(collection__startswith="evaluation").exists()


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_named_with_its_line(tmp_path):
    corpus, judged = tmp_path / "corpus.jsonl", tmp_path / "judged.jsonl"
    corpus.write_text('{"id": "one", "name": "Douche"}\n{"name": "nobody"}\n')
    judged.write_text('{"qid": "Q1", "query": "douche"}\n')
    with pytest.raises(CommandError, match=r"corpus\.jsonl, line 2"):
        call_command("search_eval", judgements=judged, corpus=corpus)
    judged.write_text("not json\n")
    with pytest.raises(CommandError, match=r"judged\.jsonl, line 1"):
        call_command("search_eval", judgements=judged, corpus=corpus)
