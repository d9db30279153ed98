"""Products of 8-bit numbers against exact ones."""

from __future__ import annotations

import warnings

import torch

from pronounce_kiosk.scoring.acoustic.linear import QuickLinear, float_linear


def weights() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    drawn = torch.Generator().manual_seed(0)
    rows, weight = torch.randn(50, 64, generator=drawn), torch.randn(16, 64, generator=drawn)
    # Outputs of very different size, each with a scale of its own, and one of zeros.
    sizes = torch.logspace(-3, 3, 16)
    sizes[7] = 0.0
    return rows, weight * sizes[:, None], sizes


def test_they_are_near_the_exact_products() -> None:
    rows, weight, sizes = weights()
    exact = rows @ weight.T
    error = (QuickLinear(weight)(rows) - exact).abs()
    assert (error <= 0.8 * sizes).all()
    assert (error[:, 7] == 0.0).all()


def test_a_bias_is_added_and_negative_outputs_are_cut_off() -> None:
    rows, weight, sizes = weights()
    bias = torch.linspace(-5.0, 5.0, 16)
    exact = (rows @ weight.T + bias).relu()
    found = QuickLinear(weight, bias, rectified=True)(rows)
    assert ((found - exact).abs() <= 0.8 * sizes + 1e-6).all()
    assert (found >= 0.0).all()


def test_it_is_made_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        QuickLinear(weights()[1])


def test_clips_of_any_length_are_multiplied_alike() -> None:
    """One of torch's engines keeps what it made for the first length, and spoils all others."""
    rows, weight, sizes = weights()
    multiply = QuickLinear(weight)
    whole = multiply(rows)
    for count in (1, 7, 49):
        assert ((multiply(rows[:count]) - whole[:count]).abs() <= 0.8 * sizes).all()


def test_floats_are_multiplied_exactly() -> None:
    rows, weight, sizes = weights()
    bias = torch.linspace(-5.0, 5.0, 16)
    torch.testing.assert_close(float_linear(rows, weight, bias), rows @ weight.T + bias)
