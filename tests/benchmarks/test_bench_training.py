import pytest

from benchmarks import bench_training
from benchmarks.bench_training import check_same_network, describe_ratio, describe_side, list_commands, measure_rounds
from benchmarks.side import Measured


def measured(images_per_s: float = 100.0, *, parameters: int = 10) -> Measured:
    return Measured(images_per_s, waiting_share=0.01, pipeline_images_per_s=2000.0, parameters=parameters)


@pytest.mark.parametrize(
    ("recipe", "torch_python", "sides"),
    [
        ("compact", "python", ["ours", "PyTorch float32", "PyTorch bfloat16"]),
        ("compact", None, ["ours"]),
        ("seed", "python", ["ours"]),
    ],
)
def test_list_commands_has_pytorch_where_its_network_is_known(recipe, torch_python, sides):
    assert list(list_commands(recipe, 1.0, torch_python)) == sides


def test_measure_rounds_lets_another_side_begin_each_round(monkeypatch):
    asked = []
    monkeypatch.setattr(bench_training, "measure_once", lambda command: asked.append(command[0]) or measured())
    runs = measure_rounds({"a": ["a"], "b": ["b"], "c": ["c"]}, 3)
    assert "".join(asked) == "abcbcacab"
    assert {side: len(figures) for side, figures in runs.items()} == {"a": 3, "b": 3, "c": 3}


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        ([200.0, 220.0, 210.0], "1.05 (goal met: goal 1.0, floor 0.9); by round 1.00, 1.10, 1.05"),
        ([190.0, 190.0, 190.0], "0.95 (above the floor, goal missed: goal 1.0, floor 0.9); by round 0.95, 0.95, 0.95"),
        ([100.0, 100.0, 400.0], "0.50 (below the floor: goal 1.0, floor 0.9); by round 0.50, 0.50, 2.00"),
    ],
)
def test_describe_ratio_takes_medians_against_the_faster_of_the_others(ours, expected):
    speeds = {"ours": ours, "PyTorch float32": [150.0] * 3, "PyTorch bfloat16": [200.0] * 3}
    assert describe_ratio(speeds) == f"ours / PyTorch bfloat16: {expected}"


def test_describe_side_says_which_share_the_batches_take():
    words = describe_side([measured(100), measured(90), measured(300)]).split()
    assert words == ["100", "2000", "5.0%", "1.0%", "100,", "90,", "300"]


def test_check_same_network_refuses_networks_of_different_sizes():
    check_same_network({"ours": [measured()], "other": [measured()]})
    with pytest.raises(ValueError, match="as many parameters"):
        check_same_network({"ours": [measured()], "other": [measured(parameters=11)]})
