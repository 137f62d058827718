"""Shuangcheng 双城: the node that an education authority runs to work with its neighbour."""

__version__ = "0.1.0"
