"""HSTA as one ONNX graph that takes what OpenCV gives, and how far it is from PyTorch.

The graph holds everything between a crop and a calibrated probability: uint8 BGR in; cast, scaling
and axes inside (the order of the colours is folded into the first convolutions); logits and
softmax(logits / T) out. Opset 17, so that LayerNormalization stays one node, which TensorRT 8.6 and
later keeps in fp32. Shapes are fixed, batch 1.
"""

import copy
import io

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from flinch_train.data.clips.clip_set import MEAN, STD
from flinch_train.model.graph.fold import fold
from flinch_train.model.hsta import Config, Hsta
from flinch_train.model.special_flow import DenseFlow, as_frames, moments_of
from flinch_train.model.temperatures import Temperatures

OPSET = 17
SPECIAL = 2  # onset and apex go in, whether the stream takes them or the flow between them
OUTPUTS = ("logits", "probabilities", "valence", "action_units", "attention")


class Deployed(nn.Module):
    """HSTA as the daemon calls it: uint8 BGR (1, N, H, W, 3) twice → what ``OUTPUTS`` lists."""

    def __init__(self, model: Hsta, temperatures: Temperatures) -> None:
        super().__init__()
        self.model = copy.deepcopy(model).eval()
        self.flow: DenseFlow | None
        flow = model.cfg.frames[0] == 1
        self.flow = DenseFlow(model.cfg.size, model.cfg.flows) if flow else None
        pictures = [self.model.embed_video]
        if self.flow is None:
            pictures.append(self.model.embed_special)
        else:
            self.flow.luma = self.flow.luma.flip(1)
        for embed in pictures:
            embed.proj.weight.data = embed.proj.weight.data.flip(1)  # it learned RGB, it gets BGR
        std = torch.tensor(STD[::-1])
        self.scale: Tensor
        self.shift: Tensor
        self.register_buffer("scale", 1 / (255 * std))
        self.register_buffer("shift", -torch.tensor(MEAN[::-1]) / std)
        self.temperatures = temperatures

    def forward(self, frames: Tensor, special: Tensor) -> tuple[Tensor, ...]:
        """frames (1, N, H, W, 3), special (1, 2, H, W, 3) → every output."""
        if self.flow is None:
            data = self.prepare(special)
        else:
            data = self.flow(as_frames(moments_of(frames, special, self.model.cfg.flows)))
        outputs, seen = self.model.look(self.prepare(frames), data)
        divide = self.temperatures
        return (
            outputs.emotion,
            torch.softmax(outputs.emotion / divide.emotion, dim=1),
            torch.softmax(outputs.valence / divide.valence, dim=1),
            torch.sigmoid(outputs.units / divide.units),
            seen,
        )

    def prepare(self, clip: Tensor) -> Tensor:
        """uint8 (1, N, H, W, 3) → normalised (1, 3, N, H, W), blue first."""
        return (clip.float() * self.scale + self.shift).permute(0, 4, 1, 2, 3)


def pattern(shape: tuple[int, ...], start: int) -> NDArray[np.uint8]:
    """Bytes that any language can make: byte k is ((start + k) · 2654435761 mod 2³²) >> 24."""
    k = np.arange(start, start + int(np.prod(shape)), dtype=np.uint64)
    return ((k * np.uint64(2654435761) & np.uint64(0xFFFFFFFF)) >> np.uint64(24)).astype(
        np.uint8
    ).reshape(shape)  # fmt: skip


def parity_inputs(cfg: Config) -> dict[str, NDArray[np.uint8]]:
    """The clip on which runtimes are compared: frames from byte 0, special right after them."""
    frames = (1, cfg.frames[1], cfg.size, cfg.size, 3)
    special = (1, SPECIAL, cfg.size, cfg.size, 3)
    return {"frames": pattern(frames, 0), "special": pattern(special, int(np.prod(frames)))}


def to_onnx(model: Hsta, temperatures: Temperatures) -> onnx.ModelProto:
    """The graph, its constants folded, checked, with all shapes known."""
    deployed = Deployed(model, temperatures).eval()
    clip = {k: torch.from_numpy(v) for k, v in parity_inputs(model.cfg).items()}
    buffer = io.BytesIO()
    torch.onnx.export(
        deployed,
        (clip["frames"], clip["special"]),
        buffer,  # type: ignore[arg-type]  # the older exporter does write to a buffer
        input_names=["frames", "special"],
        output_names=list(OUTPUTS),
        opset_version=OPSET,
        do_constant_folding=True,
        dynamo=False,
    )
    graph = fold(onnx.load_from_string(buffer.getvalue()))
    graph.producer_name = "flinch_train"
    onnx.checker.check_model(graph, full_check=True)
    return onnx.shape_inference.infer_shapes(graph, strict_mode=True)


def compare(
    model: Hsta, temperatures: Temperatures, graph: onnx.ModelProto
) -> tuple[dict[str, NDArray], float]:
    """PyTorch's outputs on the parity clip, and how far ONNX Runtime's are from them at most."""
    clip = parity_inputs(model.cfg)
    with torch.no_grad():
        given = Deployed(model, temperatures)(*(torch.from_numpy(v) for v in clip.values()))
    wanted = {name: value.numpy() for name, value in zip(OUTPUTS, given, strict=True)}
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found = dict(zip(OUTPUTS, session.run(list(OUTPUTS), clip), strict=True))
    return wanted, max(float(np.abs(found[name] - wanted[name]).max()) for name in OUTPUTS)
