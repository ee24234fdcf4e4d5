"""Parameters to and from the layouts of torch, Keras and ONNX, and files of arrays."""

from whygrad.recurrent.exchange.files import load_arrays, save_arrays
from whygrad.recurrent.exchange.keras_layout import from_keras, to_keras
from whygrad.recurrent.exchange.named import from_arrays, to_arrays
from whygrad.recurrent.exchange.onnx_layout import from_onnx, to_onnx
from whygrad.recurrent.exchange.torch_layout import from_torch, to_torch

__all__ = [
    "from_arrays",
    "from_keras",
    "from_onnx",
    "from_torch",
    "load_arrays",
    "save_arrays",
    "to_arrays",
    "to_keras",
    "to_onnx",
    "to_torch",
]
