"""Printed names of analytes, drugs, events and other vocabulary terms."""

#: Terms whose printed name is not the code with spaces for underscores.
PRINTED = {
    "act": "ACT",
    "alp": "ALP",
    "alt": "ALT",
    "anti_pf4": "PF4/heparin antibody",
    "anti_pf4_clia": "PF4/heparin antibody (CLIA)",
    "anti_pf4_elisa": "PF4/heparin ELISA",
    "anti_pf4_elisa_igg": "PF4/heparin ELISA (IgG)",
    "anti_pf4_pagia": "PF4/heparin antibody (PaGIA)",
    "anti_xa_ufh": "anti-Xa (heparin)",
    "aptt": "aPTT",
    "aptt_ratio": "aPTT ratio",
    "ast": "AST",
    "bnp": "BNP",
    "crp": "CRP",
    "d_dimer": "D-dimer",
    "d_dimer_feu": "D-dimer (FEU)",
    "esr": "ESR",
    "factor_viii": "factor VIII",
    "fdp": "fibrin degradation products",
    "hemoglobin": "haemoglobin",
    "hematocrit": "haematocrit",
    "hemolysis_workup": "haemolysis work-up",
    "hipa_index": "HIPA index",
    "inr": "INR",
    "ldh": "LDH",
    "nt_probnp": "NT-proBNP",
    "pt": "PT",
    "ph": "pH",
    "bilirubin_total": "total bilirubin",
    "4ts": "4Ts",
    "hep": "HEP",
    "isth_dic": "ISTH overt DIC",
    "isth_dic_2001": "ISTH overt DIC (2001)",
    "isth_dic_2025": "ISTH overt DIC (2025)",
    "sic": "SIC",
    "iabp_start": "balloon pump in",
    "iabp_end": "balloon pump out",
    "pci_start": "PCI start",
    "heparin_exposure_30d": "heparin exposure in the 30 days before",
    "heparin_exposure_100d": "heparin exposure in the 100 days before",
    "other_causes": "other causes",
    "bypass_96h": "cardiopulmonary bypass in the 96 h before",
    "new_drug": "newly started drug that lowers platelets",
    "sofa": "SOFA score",
    "fibrin_marker": "D-dimer or fibrin degradation products",
    "magnitude": "size of the fall",
    "timing": "timing of the fall",
    "nadir": "lowest count",
}

#: Words of a term that are abbreviations.
CAPITALS = {
    "ecmo": "ECMO",
    "va": "VA",
    "vv": "VV",
    "vad": "VAD",
    "icu": "ICU",
    "hit": "HIT",
    "bmi": "BMI",
    "dic": "DIC",
    "pci": "PCI",
    "crrt": "CRRT",
}


def term(code: str) -> str:
    """A vocabulary code in words: underscores become spaces, abbreviations get their capitals."""
    if code in PRINTED:
        return PRINTED[code]
    return " ".join(CAPITALS.get(word, word) for word in code.replace("_", " ").split(" "))


def heading(text: str) -> str:
    """The text with a capital first letter, unless it begins with an abbreviation of mixed case (aPTT)."""
    first = text.split(" ")[0]
    return text if any(c.isupper() for c in first[1:]) else text[:1].upper() + text[1:]
