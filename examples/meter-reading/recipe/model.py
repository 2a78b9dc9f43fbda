"""The network family: one small depthwise-separable CNN, at any width and any resolution.

For width w and input [N, 1, R, R]:

    stem      3x3 convolution                    [N,  w, R, R]
    widen     depthwise, stride 2, + pointwise   [N, 2w, R/2, R/2]
    shrink    depthwise, stride 2, + pointwise   [N, 2w, R/4, R/4]
    residual  depthwise + pointwise, added       [N, 2w, R/4, R/4]
    top       depthwise, stride 2, + pointwise   [N, 4w, R/8, R/8]
    global average, then one dense layer         [N, 10] logits

Every convolution is followed by batch normalization and ReLU; there is no softmax inside.
"""

import torch
from torch import nn

WIDTHS = (8, 16, 32)  # channels of the stem
RESOLUTIONS_PX = (16, 24, 32)
CLASSES = 10


class DepthwiseSeparable(nn.Module):
    """[N, C, H, W] -> [N, out, H / stride, W / stride]; with `residual` the input is added before the last ReLU."""

    def __init__(self, channels: int, out: int, stride: int, residual: bool = False):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False)
        self.depthwise_norm = nn.BatchNorm2d(channels)
        self.pointwise = nn.Conv2d(channels, out, 1, bias=False)
        self.pointwise_norm = nn.BatchNorm2d(out)
        self.residual = residual

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.depthwise_norm(self.depthwise(x)))
        y = self.pointwise_norm(self.pointwise(y))
        return torch.relu(y + x if self.residual else y)


class MeterNet(nn.Module):
    """image [N, 1, R, R] in [0, 1] -> logits [N, CLASSES]."""

    def __init__(self, width: int):
        super().__init__()
        self.stem = nn.Conv2d(1, width, 3, 1, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(width)
        self.widen = DepthwiseSeparable(width, 2 * width, 2)
        self.shrink = DepthwiseSeparable(2 * width, 2 * width, 2)
        self.residual = DepthwiseSeparable(2 * width, 2 * width, 1, residual=True)
        self.top = DepthwiseSeparable(2 * width, 4 * width, 2)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.answer = nn.Linear(4 * width, CLASSES)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.stem_norm(self.stem(image)))
        x = self.top(self.residual(self.shrink(self.widen(x))))
        return self.answer(torch.flatten(self.average(x), 1))
