"""Independent witnesses: torch autograd asked at generated inputs. Nothing here is loaded before it is used."""
