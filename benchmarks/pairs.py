"""Pairs of formulas whose equality is known: the vocabulary of a course on learning, laws with and without what they need.

Each group has its symbols, what is equal on their domain wherever both sides have a value, and what is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """Two formulas, the specs of their symbols, and whether they are equal."""

    left: str
    right: str
    symbols: dict[str, str]
    equal: bool


def pairs() -> Iterator[Pair]:
    """All pairs of the table below."""
    for names, equal, unequal in GROUPS:
        symbols = {name.strip(): spec.strip() for name, spec in (part.split(":") for part in names.split(";"))}
        for group, truth in ((equal, True), (unequal, False)):
            for line in group.strip().splitlines():
                left, right = line.split(" == " if truth else " != ")
                yield Pair(left.strip(), right.strip(), symbols, truth)


# symbols; pairs that are equal; pairs that are not
GROUPS: tuple[tuple[str, str, str], ...] = (
    (  # polynomials and fractions
        "x: real; y: real; z: real",
        r"""
        (x+y)^2 == x^2+2xy+y^2
        (x-y)(x+y) == x^2-y^2
        (x+y+z)^3 == x^3+y^3+z^3+3(x+y)(y+z)(z+x)
        x^3+y^3+z^3-3xyz == (x+y+z)(x^2+y^2+z^2-xy-yz-zx)
        \frac{x^2-1}{x-1} == x+1
        \frac{1}{x}+\frac{1}{y} == \frac{x+y}{xy}
        \frac{x}{x+y}+\frac{y}{x+y} == 1
        \frac{1}{x(x+1)} == \frac{1}{x}-\frac{1}{x+1}
        \frac{x^4+x^2+1}{x^2+x+1} == x^2-x+1
        \frac{\frac{1}{x}-\frac{1}{y}}{\frac{1}{x}+\frac{1}{y}} == \frac{y-x}{x+y}
        (x-y)^5+(y-x)^5 == 0
        (x+1)^{12}-(x-1)^{12} == 24x^{11}+440x^9+1584x^7+1584x^5+440x^3+24x
        \frac{x}{2}+\frac{x}{3}+\frac{x}{6} == x
        0.25x+0.75x == x
        """,
        r"""
        (x+y)^2 != x^2+y^2
        (x-y)^3 != x^3-y^3
        \frac{1}{x+y} != \frac{1}{x}+\frac{1}{y}
        \frac{x+y}{y} != x
        (x+y+z)^2 != x^2+y^2+z^2+2xyz
        x^2-y^2 != (x-y)^2
        x+10^{-30}y != x
        \frac{x}{3} != 0.333333333333x
        (x+y)^7 != x^7+7x^6y+21x^5y^2+35x^4y^3+35x^3y^4+21x^2y^5+7xy^6+y^6
        x y z != x y + z
        """,
    ),
    (  # exponentials, logarithms and powers of real numbers
        "x: real; y: real",
        r"""
        e^{x+y} == e^x e^y
        (e^x)^2 == e^{2x}
        \frac{e^{x}}{e^{y}} == e^{x-y}
        \ln e^x == x
        \ln(e^x e^y) == x+y
        e^{-x}(e^{2x}-1) == e^x-e^{-x}
        \ln(1+e^{-x}) == \ln(1+e^x)-x
        \ln(x^2) == 2\ln|x|
        \sqrt{x^2} == |x|
        |x y| == |x| |y|
        |x|^2 == x^2
        \sqrt[3]{x^3} == x
        \sqrt{x^2+2x+1} == |x+1|
        \ln\frac{e^x}{e^x+e^y} == -\ln(1+e^{y-x})
        2^x 4^y == 2^{x+2y}
        \ln(e^x+e^y) == y+\ln(1+e^{x-y})
        \log(e^{2x}+2e^x+1) == 2\log(1+e^x)
        \sqrt{x^2y^4} == |x| y^2
        """,
        r"""
        e^{x+y} != e^x+e^y
        \ln(x^2) != 2\ln x + 10^{-30}
        \sqrt{x^2} != x
        \sqrt{(x-y)^2} != x-y
        \ln(1+e^x) != x
        (e^x)^2 != e^{x^2}
        \ln(e^x+e^y) != x+y
        |x+y| != |x|+|y|
        |x|x != x^2
        e^{-x^2} != e^{(-x)^2}
        2^{x+y} != 2^x+2^y
        \sqrt{x^2+y^2} != x+y
        e^{x}-e^{x}(1+10^{-30}) != 0
        \sqrt[3]{x^3} != |x|
        """,
    ),
    (  # the same with what they need
        "x: positive; y: positive; a: real; b: real",
        r"""
        \ln(x y) == \ln x+\ln y
        \ln\frac{x}{y} == \ln x-\ln y
        \ln x^a == a\ln x
        \sqrt{x^2} == x
        \sqrt{x y} == \sqrt{x}\sqrt{y}
        (x^a)^b == x^{a b}
        x^a x^b == x^{a+b}
        (x y)^a == x^a y^a
        \frac{x^a}{x^b} == x^{a-b}
        e^{a\ln x} == x^a
        \frac{1}{\sqrt{x}+\sqrt{y}} == \frac{\sqrt{x}-\sqrt{y}}{x-y}
        \sqrt{x+y+2\sqrt{x y}} == \sqrt{x}+\sqrt{y}
        |x| == x
        \ln\sqrt{x} == \frac{1}{2}\ln x
        x\sqrt{x} == x^{3/2}
        \frac{x}{\sqrt{x}} == \sqrt{x}
        \sqrt[4]{x^2} == \sqrt{x}
        |x a| == x |a|
        \ln\frac{x^2y^3}{\sqrt{x}} == \frac{3}{2}\ln x+3\ln y
        """,
        r"""
        \ln(x+y) != \ln x+\ln y
        \sqrt{x+y} != \sqrt{x}+\sqrt{y}
        x^{a b} != x^{a+b}
        (x+y)^a != x^a+y^a
        \ln(x y) != \ln(x)\ln(y)
        \frac{\ln x}{\ln y} != \ln x-\ln y
        x^{a^b} != (x^a)^b
        \sqrt{x} != x^2
        \frac{1}{\sqrt{x}} != \frac{1}{x}
        \ln x^a != (\ln x)^a
        """,
    ),
    (  # trigonometric and hyperbolic laws
        "x: real; y: real",
        r"""
        \sin^2 x+\cos^2 x == 1
        \sin(x+y) == \sin x\cos y+\cos x\sin y
        \cos(2x) == 1-2\sin^2 x
        \sin(3x) == 3\sin x-4\sin^3 x
        \tan x == \frac{\sin x}{\cos x}
        1+\tan^2 x == \frac{1}{\cos^2 x}
        \sin x\cos y == \frac{1}{2}(\sin(x+y)+\sin(x-y))
        \frac{1-\cos(2x)}{2} == \sin^2 x
        \tan(x+y) == \frac{\tan x+\tan y}{1-\tan x\tan y}
        \cos^4 x-\sin^4 x == \cos(2x)
        \cosh^2 x-\sinh^2 x == 1
        \sinh(2x) == 2\sinh x\cosh x
        \tanh x == \frac{e^{2x}-1}{e^{2x}+1}
        1-\tanh^2 x == \frac{4}{(e^x+e^{-x})^2}
        \tanh(x+y) == \frac{\tanh x+\tanh y}{1+\tanh x\tanh y}
        \cosh(x+y) == \cosh x\cosh y+\sinh x\sinh y
        \sin(x+\frac{\pi}{3}) == \frac{1}{2}\sin x+\frac{\sqrt{3}}{2}\cos x
        \cos(\arcsin x) == \sqrt{1-x^2}
        \sin(\arctan x) == \frac{x}{\sqrt{1+x^2}}
        \arcsin x+\arccos x == \frac{\pi}{2}
        \sin(5x) == 16\sin^5 x-20\sin^3 x+5\sin x
        \frac{\sin x}{1+\cos x} == \frac{1-\cos x}{\sin x}
        \cos x+\cos y == 2\cos\frac{x+y}{2}\cos\frac{x-y}{2}
        """,
        r"""
        \sin(x+y) != \sin x+\sin y
        \sin(2x) != 2\sin x
        \cos(2x) != 1-\sin^2 x
        \cosh^2 x+\sinh^2 x != 1
        \sin^2 x != \sin(x^2)
        \tanh(2x) != 2\tanh x
        \arctan x != \frac{\arcsin x}{\arccos x}
        \sin^2 x+\cos^2 x != 1+10^{-30}
        \sqrt{1-\sin^2 x} != \cos x
        \cos(x+y) != \cos x\cos y+\sin x\sin y
        \frac{\sin x}{x} != \sin 1
        \tan x != \frac{\cos x}{\sin x}
        """,
    ),
    (  # gradients of activations
        "x: real; w: real; b: real",
        r"""
        \frac{e^{-x}}{(1+e^{-x})^2} == \frac{1}{1+e^{-x}}\left(1-\frac{1}{1+e^{-x}}\right)
        1-\frac{1}{1+e^{-x}} == \frac{1}{1+e^{x}}
        \frac{1}{2}\left(1+\tanh\frac{x}{2}\right) == \frac{1}{1+e^{-x}}
        \frac{2}{1+e^{-2x}}-1 == \tanh x
        \ln(1+e^x)-\ln(1+e^{-x}) == x
        \frac{e^x}{1+e^x} == \frac{1}{1+e^{-x}}
        \frac{1}{1+e^{-x}}+x\frac{e^{-x}}{(1+e^{-x})^2} == \frac{1+e^{-x}+x e^{-x}}{(1+e^{-x})^2}
        \frac{e^{x}-e^{-x}}{e^{x}+e^{-x}} == \frac{1-e^{-2x}}{1+e^{-2x}}
        w\left(1-\tanh^2(w x+b)\right) == \frac{4w}{(e^{wx+b}+e^{-wx-b})^2}
        \frac{1}{1+e^{-(w x+b)}} == \frac{e^{w x}}{e^{w x}+e^{-b}}
        -\ln\frac{1}{1+e^{-x}} == \ln(1+e^{-x})
        \frac{e^{x}(1-e^{x})}{(1+e^{x})^3} == \frac{e^{-x}(e^{-x}-1)}{(1+e^{-x})^3}
        x\tanh(\ln(1+e^x)) == x\frac{(1+e^x)^2-1}{(1+e^x)^2+1}
        \frac{1}{1+e^{-x}}-\frac{1}{1+e^{x}} == \tanh\frac{x}{2}
        """,
        r"""
        \frac{e^{-x}}{(1+e^{-x})^2} != \frac{1}{1+e^{-x}}
        \frac{1}{1+e^{-x}} != \frac{1}{1+e^{x}}
        1-\tanh^2 x != 1-\tanh x^2
        \frac{2}{1+e^{-x}}-1 != \tanh x
        \ln(1+e^x) != x+\ln(1+e^x)
        \frac{1}{1+e^{-(w x+b)}} != \frac{w}{1+e^{-(w x+b)}}
        x\frac{1}{1+e^{-x}} != \frac{1}{1+e^{-x^2}}
        \frac{1}{2}\left(1+\tanh x\right) != \frac{1}{1+e^{-x}}
        """,
    ),
    (  # softmax, cross entropy, log-sum-exp
        "a: real; b: real; c: real; y: real",
        r"""
        \frac{e^a}{e^a+e^b+e^c}+\frac{e^b}{e^a+e^b+e^c}+\frac{e^c}{e^a+e^b+e^c} == 1
        \frac{e^{a}}{e^{a}+e^{b}} == \frac{1}{1+e^{b-a}}
        \frac{e^{a-c}}{e^{a-c}+e^{b-c}} == \frac{e^a}{e^a+e^b}
        \ln(e^a+e^b+e^c) == a+\ln(1+e^{b-a}+e^{c-a})
        -\ln\frac{e^a}{e^a+e^b+e^c} == \ln(e^a+e^b+e^c)-a
        \frac{e^a(e^a+e^b)-e^{2a}}{(e^a+e^b)^2} == \frac{e^a}{e^a+e^b}\left(1-\frac{e^a}{e^a+e^b}\right)
        \ln(e^{a+y}+e^{b+y}) == y+\ln(e^a+e^b)
        \frac{e^{a/2}}{e^{a/2}+e^{-a/2}} == \frac{1}{1+e^{-a}}
        \frac{e^a e^b}{(e^a+e^b)^2} == \frac{1}{4\cosh^2\frac{a-b}{2}}
        y\ln\frac{1}{1+e^{-a}}+(1-y)\ln\left(1-\frac{1}{1+e^{-a}}\right) == y a-\ln(1+e^a)
        \max(a,b)+\ln(e^{a-\max(a,b)}+e^{b-\max(a,b)}) == \ln(e^a+e^b)
        \frac{1}{1+e^{-a}}-y == (1-y)\frac{1}{1+e^{-a}}-y\frac{1}{1+e^{a}}
        """,
        r"""
        \frac{e^a}{e^a+e^b} != \frac{a}{a+b}
        \ln(e^a+e^b) != a+b
        \frac{e^{2a}}{e^{2a}+e^{2b}} != \frac{e^a}{e^a+e^b}
        -\ln\frac{e^a}{e^a+e^b+e^c} != \ln(e^b+e^c)
        \frac{e^a}{e^a+e^b}\left(1-\frac{e^a}{e^a+e^b}\right) != -\frac{e^a e^b}{(e^a+e^b)^2}
        \ln(e^a+e^b+e^c) != a+\ln(e^b+e^c)
        y\ln\frac{1}{1+e^{-a}}+(1-y)\ln\frac{1}{1+e^{-a}} != y a-\ln(1+e^a)
        \frac{e^{a+c}}{e^{a}+e^{b}} != \frac{e^a}{e^a+e^b}
        """,
    ),
    (  # optimisers: momentum, Adam, step sizes
        r"m: real; g: real; h: real; \beta: between 0 and 1; \alpha: positive; \lambda: positive; w: real; v: positive; n: positive integer",
        r"""
        \beta(\beta m+(1-\beta)g)+(1-\beta)h == \beta^2m+(1-\beta)(\beta g+h)
        \frac{\beta(1-\beta)g+(1-\beta)g}{1-\beta^2} == g
        (1-\beta)(1+\beta+\beta^2) == 1-\beta^3
        \frac{(1-\beta)(\beta^2g+\beta g+g)}{1-\beta^3} == g
        w-\alpha(g+\lambda w) == (1-\alpha\lambda)w-\alpha g
        \frac{1-\beta^n}{1-\beta}-\frac{1-\beta^{n-1}}{1-\beta} == \beta^{n-1}
        \frac{\alpha\sqrt{1-\beta^2}}{1-\beta}\cdot\frac{m}{\sqrt{v}} == \alpha\frac{m/(1-\beta)}{\sqrt{v/(1-\beta^2)}}
        \sqrt{\beta^2v+(1-\beta^2)v} == \sqrt{v}
        \beta\cdot\beta^{n}+(1-\beta)\beta^n == \beta^n
        \frac{g}{\sqrt{g^2}} == \frac{|g|}{g}
        m+(1-\beta)(g-m) == \beta m+(1-\beta)g
        \frac{\alpha}{\sqrt{n}}-\frac{\alpha}{\sqrt{n+1}} == \frac{\alpha}{\sqrt{n}\sqrt{n+1}(\sqrt{n+1}+\sqrt{n})}
        """,
        r"""
        \beta(\beta m+(1-\beta)g)+(1-\beta)h != \beta m+(1-\beta)(g+h)
        \frac{\beta(1-\beta)g+(1-\beta)g}{1-\beta} != g
        w-\alpha(g+\lambda w) != (1-\lambda)w-\alpha g
        \frac{1-\beta^n}{1-\beta} != \beta^{n-1}
        \frac{m}{\sqrt{v}+\lambda} != \frac{m}{\sqrt{v+\lambda}}
        \sqrt{\beta v+(1-\beta)g^2} != \sqrt{\beta v}+\sqrt{(1-\beta)g^2}
        \beta^{n+1} != \beta^n+\beta
        m+(1-\beta)(g-m) != (1-\beta)m+\beta g
        \frac{g}{\sqrt{g^2}} != 1
        """,
    ),
    (  # normal distributions and divergences
        r"x: real; \mu: real; \nu: real; \sigma: positive; \tau: positive; p: between 0 and 1; q: between 0 and 1",
        r"""
        \ln\left(\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}\right) == -\frac{1}{2}\ln(2\pi)-\ln\sigma-\frac{(x-\mu)^2}{2\sigma^2}
        \ln\frac{\tau}{\sigma}+\frac{\sigma^2+(\mu-\nu)^2}{2\tau^2}-\frac{1}{2} == \frac{1}{2}\left(\frac{\sigma^2}{\tau^2}+\frac{(\mu-\nu)^2}{\tau^2}-1-\ln\frac{\sigma^2}{\tau^2}\right)
        \frac{1}{2}(\sigma^2+\mu^2-1)-\ln\sigma == -\frac{1}{2}(1+\ln\sigma^2-\mu^2-\sigma^2)
        \frac{x-\mu}{\sigma^2} == \frac{x}{\sigma^2}-\frac{\mu}{\sigma^2}
        p\ln\frac{p}{q}+(1-p)\ln\frac{1-p}{1-q} == p\ln p+(1-p)\ln(1-p)-p\ln q-(1-p)\ln(1-q)
        \frac{1}{2}\ln(2\pi e\sigma^2) == \frac{1}{2}+\frac{1}{2}\ln(2\pi)+\ln\sigma
        \frac{p-q}{q(1-q)} == \frac{p}{q}-\frac{1-p}{1-q}
        \ln\frac{p}{1-p} == -\ln\left(\frac{1}{p}-1\right)
        \frac{1}{1+e^{-\ln\frac{p}{1-p}}} == p
        e^{\mu+\frac{\sigma^2}{2}}e^{-\mu} == e^{\sigma^2/2}
        (x-\mu)^2-(x-\nu)^2 == (\nu-\mu)(2x-\mu-\nu)
        \frac{x^2}{2\sigma^2}+\frac{x^2}{2\tau^2} == \frac{(\sigma^2+\tau^2)x^2}{2\sigma^2\tau^2}
        \frac{1}{\sqrt{2\pi}\sigma}e^{-x^2/(2\sigma^2)} == \frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{1}{2}\left(\frac{x}{\sigma}\right)^2}
        """,
        r"""
        \ln\left(\frac{1}{\sqrt{2\pi\sigma^2}}e^{-\frac{(x-\mu)^2}{2\sigma^2}}\right) != -\frac{1}{2}\ln(2\pi)-\ln\sigma-\frac{(x-\mu)^2}{\sigma^2}
        \ln\frac{\tau}{\sigma}+\frac{\sigma^2+(\mu-\nu)^2}{2\tau^2}-\frac{1}{2} != \ln\frac{\sigma}{\tau}+\frac{\tau^2+(\mu-\nu)^2}{2\sigma^2}-\frac{1}{2}
        \frac{1}{2}(\sigma^2+\mu^2-1)-\ln\sigma != -\frac{1}{2}(1+\ln\sigma-\mu^2-\sigma^2)
        p\ln\frac{p}{q} != p\ln p-q\ln q
        \ln\frac{p}{1-p} != \ln p-1+p
        \frac{p-q}{q(1-q)} != \frac{p}{q}-\frac{1-p}{q}
        -p\ln p-(1-p)\ln(1-p) != -\ln p
        e^{\mu+\frac{\sigma^2}{2}} != e^{\mu}+e^{\sigma^2/2}
        """,
    ),
    (  # branches: ReLU, max, |·|, hinge, Huber
        "x: real; y: real; z: real",
        r"""
        \max(x,y)+\min(x,y) == x+y
        \max(x,y)-\min(x,y) == |x-y|
        \max(x,0) == \frac{x+|x|}{2}
        \max(x,0)-\max(-x,0) == x
        \max(x,0)+\max(-x,0) == |x|
        \max(x,y) == y+\max(x-y,0)
        \max(x,y,z) == \max(x,\max(y,z))
        |x-y|^2 == x^2-2xy+y^2
        \max(x,0)\min(x,0) == 0
        \min(x,y) == -\max(-x,-y)
        \max(0,x)^2+\min(0,x)^2 == x^2
        \left||x|\right| == |x|
        \max(x^2,-1) == x^2
        |x^3| == x^2|x|
        \max(2x,2y) == 2\max(x,y)
        """,
        r"""
        \max(x,y) != x+y
        \max(x,0) != x
        \max(x,0) != |x|
        |x-y| != x-y
        \max(x+y,0) != \max(x,0)+\max(y,0)
        \max(-x,-y) != -\max(x,y)
        \max(x,y)^2 != \max(x^2,y^2)
        |x|-|y| != |x-y|
        \max(x,0)+10^{-30} != \max(x,0)
        """,
    ),
    (  # numbers
        "x: real",
        r"""
        \sqrt{3+2\sqrt{2}} == 1+\sqrt{2}
        \sqrt{2}\sqrt{3} == \sqrt{6}
        \frac{1}{\sqrt{2}} == \frac{\sqrt{2}}{2}
        \ln 8 == 3\ln 2
        e^{\ln 5} == 5
        \cos\frac{\pi}{3} == 0.5
        \sin\frac{\pi}{12} == \frac{\sqrt{6}-\sqrt{2}}{4}
        \sqrt{5+2\sqrt{6}} == \sqrt{2}+\sqrt{3}
        4\arctan 1 == \pi
        \frac{1}{1+\sqrt{2}} == \sqrt{2}-1
        \sqrt[3]{2+\sqrt{5}}+\sqrt[3]{2-\sqrt{5}} == 1
        \cos\frac{\pi}{5} == \frac{1+\sqrt{5}}{4}
        4\arctan\frac{1}{5}-\arctan\frac{1}{239} == \frac{\pi}{4}
        """,
        r"""
        \sqrt{2}+\sqrt{3} != \sqrt{5}
        \pi != \frac{355}{113}
        \pi != 3.14159265358979323846264338327950288
        e^{\pi\sqrt{163}} != 262537412640768744
        \sqrt{10}+\sqrt{17} != \sqrt{53.0767}
        \frac{1}{3} != 0.333333333333333333333333333333
        \ln 2 != 0.693147180559945309417232121458
        \sqrt{8} != 3\sqrt{2}
        \sqrt[3]{2} != 1.26
        \cos 1 != \frac{\pi}{6}
        """,
    ),
)
