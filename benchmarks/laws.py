"""Laws that hold and laws that do not, as `identities.py` applies them.

A law is left → right: where the right side has a value, the left side has it too, and it is the same. So laws applied one
after the other to one formula give a formula that equals the first wherever it has a value itself. `⟷` marks the laws
that may be applied from right to left as well.

    a b c    any formula             p q   a positive one        z     one that is not zero
    u        one between −1 and 1    v     one between 0 and 1   n m   an integer

A formula counts as one of these if it is certain to be: see `identities.certain`. A law that drops a part is not applied,
for where the part had no value the result has one.
"""

from __future__ import annotations

from dataclasses import dataclass

from formulas import Formula, formula, names

_LAWS = r"""
# ring
    a*(b+c)                     ⟷ a*b+a*c
    a*(b-c)                     ⟷ a*b-a*c
    (a+b)**2                    ⟷ a**2+2*a*b+b**2
    (a-b)**2                    ⟷ a**2-2*a*b+b**2
    (a-b)*(a+b)                 ⟷ a**2-b**2
    (a+b)**3                    ⟷ a**3+3*a**2*b+3*a*b**2+b**3
    a**3-b**3                   ⟷ (a-b)*(a**2+a*b+b**2)
    a+b                         ⟷ b+a
    a*b                         ⟷ b*a
    a-b                         ⟷ neg(b-a)
    a                           ⟷ neg(neg(a))
    a+(b+c)                     ⟷ a+b+c
    a*(b*c)                     ⟷ a*b*c
    a**2+a*b                    ⟷ (a+b/2)**2-b**2/4
    a**4                        ⟷ (a**2)**2
    a*b                         ⟷ ((a+b)**2-(a-b)**2)/4
    a                           → a+b-b
    a                           → (a*b+a*c)/(b+c)
# fractions
    a/c+b/c                     ⟷ (a+b)/c
    a/b+c/b                     ⟷ (a+c)/b
    a/z                         ⟷ a*(1/z)
    a+b/z                       ⟷ (a*z+b)/z
    a                           → a*b/b
    a/b                         → 1/(b/a)
    a/b                         ⟷ neg(a)/neg(b)
    a                           → (a**2-b**2)/(a-b)-b
    1/(a*(a+1))                 ⟷ 1/a-1/(a+1)
    1/(a**2-1)                  → (1/(a-1)-1/(a+1))/2
    a/(a+b)                     ⟷ 1-b/(a+b)
    a**3/a                      ⟷ (a**4)/(a**2)
# powers
    a**2*a**3                   ⟷ a**5
    (a**2)**3                   ⟷ a**6
    (a*b)**3                    ⟷ a**3*b**3
    1/a**2                      ⟷ a**neg(2)
    p**(a+b)                    ⟷ p**a*p**b
    (p**a)**b                   ⟷ p**(a*b)
    (p*q)**a                    ⟷ p**a*q**a
    p**a                        ⟷ exp(a*log(p))
    p**neg(a)                   ⟷ 1/p**a
    4**a                        ⟷ 2**(2*a)
    p**(1/2)                    ⟷ sqrt(p)
    (neg(1))**(2*n)             ⟷ 1
    p**(n+1)                    ⟷ p*p**n
# exp and log
    exp(a+b)                    ⟷ exp(a)*exp(b)
    exp(a-b)                    ⟷ exp(a)/exp(b)
    exp(2*a)                    ⟷ exp(a)**2
    exp(neg(a))                 ⟷ 1/exp(a)
    a                           ⟷ log(exp(a))
    p                           ⟷ exp(log(p))
    a                           → exp(log(a))
    log(p*q)                    ⟷ log(p)+log(q)
    log(a*b)                    → log(a)+log(b)
    log(p/q)                    ⟷ log(p)-log(q)
    log(a**2)                   ⟷ 2*log(abs(a))
    log(a**3)                   ⟷ 3*log(a)
    log(1/a)                    ⟷ neg(log(a))
    log(sqrt(a))                ⟷ log(a)/2
    log(p**a)                   ⟷ a*log(p)
    log(p)                      ⟷ 2*log(sqrt(p))
    log(exp(a)+exp(b))          ⟷ a+log(1+exp(b-a))
    log(exp(a)+exp(b))          ⟷ max(a,b)+log(1+exp(neg(abs(a-b))))
# roots
    sqrt(a**2)                  ⟷ abs(a)
    a                           → sqrt(a)**2
    p                           ⟷ sqrt(p)**2
    sqrt(p*q)                   ⟷ sqrt(p)*sqrt(q)
    sqrt(a*b)                   → sqrt(a)*sqrt(b)
    sqrt(p/q)                   ⟷ sqrt(p)/sqrt(q)
    sqrt(p**2*a)                ⟷ p*sqrt(a)
    1/sqrt(a)                   ⟷ sqrt(a)/a
    1/(sqrt(a)+sqrt(b))         → (sqrt(a)-sqrt(b))/(a-b)
    sqrt(p)+sqrt(q)             ⟷ sqrt(p+q+2*sqrt(p*q))
    sqrt(a+b)-sqrt(a)           → b/(sqrt(a+b)+sqrt(a))
    a                           ⟷ cbrt(a**3)
    a                           ⟷ cbrt(a)**3
    cbrt(a*b)                   ⟷ cbrt(a)*cbrt(b)
    sqrt(sqrt(p))               ⟷ p**(1/4)
    sqrt(a**4+2*a**2+1)         ⟷ a**2+1
    sqrt(3+2*sqrt(2))           ⟷ 1+sqrt(2)
    sqrt(5+2*sqrt(6))           ⟷ sqrt(2)+sqrt(3)
    cbrt(2+sqrt(5))             ⟷ (1+sqrt(5))/2
# absolute values
    abs(a*b)                    ⟷ abs(a)*abs(b)
    abs(a)**2                   ⟷ a**2
    abs(neg(a))                 ⟷ abs(a)
    abs(a-b)                    ⟷ abs(b-a)
    abs(a/z)                    ⟷ abs(a)/abs(z)
    abs(a)                      ⟷ a*sign(a)
    abs(a)                      ⟷ max(a,neg(a))
    abs(p)                      ⟷ p
    abs(a)                      ⟷ where(a>=0,a,neg(a))
    abs(a**2+1)                 ⟷ a**2+1
    abs(abs(a)-abs(b))          ⟷ max(abs(a),abs(b))-min(abs(a),abs(b))
# max and min
    max(a,b)                    ⟷ (a+b+abs(a-b))/2
    min(a,b)                    ⟷ (a+b-abs(a-b))/2
    max(a,b)                    ⟷ neg(min(neg(a),neg(b)))
    max(a,b)                    ⟷ a+relu(b-a)
    max(a,b)                    ⟷ where(a>=b,a,b)
    min(a,b)                    ⟷ where(a<b,a,b)
    max(a+c,b+c)                ⟷ max(a,b)+c
    max(p*a,p*b)                ⟷ p*max(a,b)
    a                           → max(a,b)+min(a,b)-b
    a*b                         ⟷ max(a,b)*min(a,b)
    min(max(a,0),1)             ⟷ relu(a)-relu(a-1)
    max(max(a,b),c)             ⟷ max(a,max(b,c))
# rectifiers
    relu(a)                     ⟷ max(0,a)
    relu(a)                     ⟷ (a+abs(a))/2
    a                           ⟷ relu(a)-relu(neg(a))
    abs(a)                      ⟷ relu(a)+relu(neg(a))
    relu(a)*relu(neg(a))        ⟷ 0*a
    relu(p*a)                   ⟷ p*relu(a)
    relu(a)                     ⟷ a*indicator(a>0)
    relu(a)**2                  ⟷ a*relu(a)
    leaky(a)                    ⟷ max(a,a/100)
# sigmoids
    sigmoid(a)                  ⟷ 1/(1+exp(neg(a)))
    sigmoid(a)                  ⟷ exp(a)/(1+exp(a))
    sigmoid(a)                  ⟷ 1-sigmoid(neg(a))
    sigmoid(a)                  ⟷ (1+tanh(a/2))/2
    tanh(a)                     ⟷ 2*sigmoid(2*a)-1
    softplus(a)                 ⟷ log(1+exp(a))
    softplus(a)                 ⟷ a+softplus(neg(a))
    softplus(neg(a))            ⟷ neg(log(sigmoid(a)))
    a                           ⟷ softplus(a)-softplus(neg(a))
    silu(a)                     ⟷ a*sigmoid(a)
    gelu(a)                     ⟷ a*ncdf(a)
    ncdf(a)                     ⟷ 1-ncdf(neg(a))
    sigmoid(a)*(1-sigmoid(a))   ⟷ 1/(2+exp(a)+exp(neg(a)))
    a                           ⟷ log(sigmoid(a)/(1-sigmoid(a)))
    v                           ⟷ sigmoid(log(v/(1-v)))
# trigonometry
    1                           ⟷ sin(a)**2+cos(a)**2
    sin(a)**2                   ⟷ 1-cos(a)**2
    sin(2*a)                    ⟷ 2*sin(a)*cos(a)
    cos(2*a)                    ⟷ cos(a)**2-sin(a)**2
    cos(2*a)                    ⟷ 1-2*sin(a)**2
    sin(a)**2                   ⟷ (1-cos(2*a))/2
    sin(a+b)                    ⟷ sin(a)*cos(b)+cos(a)*sin(b)
    cos(a-b)                    ⟷ cos(a)*cos(b)+sin(a)*sin(b)
    sin(a)*cos(b)               ⟷ (sin(a+b)+sin(a-b))/2
    sin(3*a)                    ⟷ 3*sin(a)-4*sin(a)**3
    sin(neg(a))                 ⟷ neg(sin(a))
    sin(a+pi)                   ⟷ neg(sin(a))
    cos(a)                      ⟷ sin(a+pi/2)
    tan(a)                      ⟷ sin(a)/cos(a)
    1/cos(a)**2                 ⟷ 1+tan(a)**2
    tan(2*a)                    → 2*tan(a)/(1-tan(a)**2)
    tan(a/2)                    → sin(a)/(1+cos(a))
    cos(a)**4-sin(a)**4         ⟷ cos(2*a)
    sin(a)**4+cos(a)**4         ⟷ 1-sin(2*a)**2/2
    1/sin(a)                    ⟷ csc(a)
    cos(a)/sin(a)               ⟷ cot(a)
    cos(pi*n)                   ⟷ (neg(1))**n
    sin(a+2*pi*n)               ⟷ sin(a)
    sin(pi/3)                   ⟷ sqrt(3)/2
    cos(pi/5)                   ⟷ (1+sqrt(5))/4
# inverse trigonometry
    sin(arcsin(u))              ⟷ u
    cos(arcsin(u))              ⟷ sqrt(1-u**2)
    arcsin(u)                   ⟷ pi/2-arccos(u)
    tan(arctan(a))              ⟷ a
    sin(arctan(a))              ⟷ a/sqrt(1+a**2)
    cos(arctan(a))              ⟷ 1/sqrt(1+a**2)
    arctan(p)                   ⟷ pi/2-arctan(1/p)
    arctan(neg(a))              ⟷ neg(arctan(a))
    tan(arcsin(u))              ⟷ u/sqrt(1-u**2)
    arctan(1)+0*a               ⟷ pi/4+0*a
# hyperbolic
    cosh(a)**2                  ⟷ 1+sinh(a)**2
    cosh(a)+sinh(a)             ⟷ exp(a)
    sinh(2*a)                   ⟷ 2*sinh(a)*cosh(a)
    cosh(a+b)                   ⟷ cosh(a)*cosh(b)+sinh(a)*sinh(b)
    tanh(a)                     ⟷ sinh(a)/cosh(a)
    tanh(a)                     ⟷ (exp(a)-exp(neg(a)))/(exp(a)+exp(neg(a)))
    tanh(a+b)                   ⟷ (tanh(a)+tanh(b))/(1+tanh(a)*tanh(b))
    1-tanh(a)**2                ⟷ 1/cosh(a)**2
    a                           ⟷ arsinh(sinh(a))
    a                           ⟷ sinh(arsinh(a))
    cosh(arsinh(a))             ⟷ sqrt(1+a**2)
    arsinh(a)                   ⟷ log(a+sqrt(a**2+1))
    u                           ⟷ tanh(artanh(u))
    artanh(u)                   ⟷ log((1+u)/(1-u))/2
    artanh(u)                   ⟷ (log(1+u)-log(1-u))/2
    cosh(neg(a))                ⟷ cosh(a)
# sums
    sum(k,1,4,k*a)              ⟷ 10*a
    sum(k,0,3,a**k)             ⟷ 1+a+a**2+a**3
    sum(k,0,3,a**k)             → (a**4-1)/(a-1)
    sum(k,1,3,log(k))+0*a       ⟷ log(6)+0*a
    product(k,1,3,a+k)          ⟷ (a+1)*(a+2)*(a+3)
    sum(k,0,3,binomial(3,k)*a**k) ⟷ (1+a)**3
    sum(k,1,n,k)                ⟷ n*(n+1)/2
    sum(k,1,n,k**2)             ⟷ n*(n+1)*(2*n+1)/6
    sum(k,1,n,2*k-1)            ⟷ n**2
    sum(k,1,n,a)                → n*a
    sum(k,0,n,p**k)             → (p**(n+1)-1)/(p-1)
    sum(k,1,n,1/(k*(k+1)))      ⟷ n/(n+1)
# cases and indicators
    a                           → where(b>=0,a,a)
    where(a>=b,c,c+1)           ⟷ c+indicator(a<b)
    indicator(a>0)              ⟷ 1-indicator(a<=0)
    indicator(a>0)*indicator(b>0) ⟷ indicator(min(a,b)>0)
    where(a>0,1,neg(1))         ⟷ 2*indicator(a>0)-1
    sign(a)                     ⟷ indicator(a>0)-indicator(a<0)
# special functions
    erf(neg(a))                 ⟷ neg(erf(a))
    erfc(a)                     ⟷ 1-erf(a)
    ncdf(a)                     ⟷ (1+erf(a/sqrt(2)))/2
    gamma(p+1)                  ⟷ p*gamma(p)
    factorial(n)                ⟷ gamma(n+1)
    factorial(n+1)              ⟷ (n+1)*factorial(n)
    binomial(n,2)               ⟷ n*(n-1)/2
"""

# what people write instead; each is applied once, and counts only where a point shows that it changed the value
_SLIPS = r"""
    a+b           → a-b
    a-b           → a+b
    a-b           → b-a
    a*b           → a+b
    a/b           → b/a
    a/b           → a*b
    a             → a+1
    a             → neg(a)
    a             → 2*a
    a             → a+10**neg(20)
    a             → a*(1+10**neg(9))
    a             → a+b**2
    a**2          → a**3
    a**2          → 2*a
    (a+b)**2      → a**2+b**2
    (a-b)**2      → a**2-b**2
    1/(a+b)       → 1/a+1/b
    a/(b+c)       → a/b+a/c
    sqrt(a+b)     → sqrt(a)+sqrt(b)
    sqrt(a**2)    → a
    sqrt(a)       → a
    log(a+b)      → log(a)+log(b)
    log(a*b)      → log(a)*log(b)
    log(a/b)      → log(a)/log(b)
    log(a)        → a
    exp(a+b)      → exp(a)+exp(b)
    exp(a*b)      → exp(a)*exp(b)
    exp(a)        → exp(neg(a))
    exp(a)        → a
    abs(a)        → a
    abs(a+b)      → abs(a)+abs(b)
    max(a,b)      → min(a,b)
    max(a,b)      → a
    relu(a)       → a
    relu(a)       → leaky(a)
    sigmoid(a)    → tanh(a)
    sigmoid(a)    → sigmoid(neg(a))
    tanh(a)       → sinh(a)
    softplus(a)   → relu(a)
    gelu(a)       → silu(a)
    sin(a)        → cos(a)
    sin(a)        → a
    cos(a)        → cos(a)**2
    sin(a+b)      → sin(a)+sin(b)
    sin(a)        → sin(a+3)
    sinh(a)       → cosh(a)
    a**b          → a*b
    p**a          → p**(a+1)
    arctan(a)     → tan(a)
    where(a>=b,c,c) → where(a>=b,c,neg(c))
    indicator(a>0) → indicator(a<0)
    erf(a)        → erf(2*a)
"""


@dataclass(frozen=True, slots=True)
class Law:
    """left → right, and what it is called in the table of results."""

    group: str
    name: str
    left: Formula
    right: Formula


def _laws(text: str) -> tuple[Law, ...]:
    found, group = [], "slip"
    for line in text.strip().splitlines():
        if line.startswith("#"):
            group = line[2:]
            continue
        arrow = "⟷" if "⟷" in line else "→"
        left, right = (part.strip() for part in line.split(arrow))
        if group == "slip" or names(formula(right)) >= names(formula(left)):
            found.append(Law(group, f"{left} → {right}", formula(left), formula(right)))
        if arrow == "⟷" and names(formula(left)) >= names(formula(right)):
            found.append(Law(group, f"{right} → {left}", formula(right), formula(left)))
    return tuple(found)


LAWS = _laws(_LAWS)
SLIPS = _laws(_SLIPS)
