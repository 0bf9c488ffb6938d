"""Plain words beside the terms that a patient may not know; what has none is a clinician's step and is not shown to one."""

import re

GLOSSARY = {
    "physiotherapy": "exercises with a trained therapist",
    "podiatry": "care for feet",
    "rheumatology": "doctors for joints and the immune system",
    "neurology": "doctors for brain and nerves",
    "neurosurgery": "surgeons for brain and spine",
    "orthopaedics": "doctors for bones and joints",
    "cognitive behavioural therapy": "talks and practice that change habits of thought",
    "exposure therapy": "meeting the fear in small steps with a therapist",
    "pulmonary rehabilitation": "a course of exercise for weak lungs",
    "genetic counselling": "a talk about inherited illness",
    "endoscopy": "a look inside with a thin camera",
    "colonoscopy": "a look into the bowel with a thin camera",
    "cystoscopy": "a look into the bladder with a thin camera",
    "echocardiography": "an ultrasound of the heart",
    "echocardiogram": "an ultrasound of the heart",
    "electrocardiogram": "a tracing of the heartbeat",
    "ECG": "a tracing of the heartbeat",
    "EEG": "a tracing of the brain waves",
    "CT": "X-ray pictures in slices",
    "MRI": "pictures made with a magnet",
    "PSA": "a blood test of the prostate",
    "biopsy": "a small sample of tissue",
    "angiography": "pictures of the vessels",
    "spirometry": "a blowing test of the lungs",
    "lumbar puncture": "a sample of the fluid around the spinal cord",
    "audiogram": "a hearing test",
    "dialysis": "washing the blood with a machine",
    "antihistamine": "an allergy medicine",
    "antihistamines": "allergy medicines",
    "decongestants": "medicines for a blocked nose",
    "anti-inflammatory painkillers": "such as ibuprofen",
    "anticoagulant": "a blood thinner",
    "anticoagulants": "blood thinners",
    "rehydration": "giving back water and salts",
    "bronchodilator": "a medicine that opens the airways",
    "HbA1c": "the blood sugar of the last months",
    "psychological therapy": "talks with a trained therapist",
    "dermatoscopy": "a look at the skin with a magnifier",
    "oximeter": "a finger clip that measures oxygen",
}
_TERMS = {term.lower(): meaning for term, meaning in GLOSSARY.items()}
_ANY_TERM = rf"\b(?:{'|'.join(sorted(map(re.escape, GLOSSARY), key=len, reverse=True))})\b"
_KNOWN = re.compile(_ANY_TERM, re.IGNORECASE)
# What is explained already is left as it is.
_TERM = re.compile(rf"{_ANY_TERM}(?! \()", re.IGNORECASE)
# Names of tests and of their results that only who orders them needs.
_JARGON = re.compile(
    r"\b(?:\w+(?:globulins?|osmolality|phoresis|calprotectin|transglutaminase|nephrines?|cytes|cytology|serology|titres?|assays?"
    r"|elastography|venography|tympanometry|cystography|metry|mitochondrial|plasmin|bilinogen|fibronectin|graphy)"
    r"|serology|cytology|antibod(?:y|ies)|reticulocytes|eosinophils|calprotectin|progesterone|oestradiol|testosterone|bilirubin"
    r"|haptoglobin|fibrinogen|ferritin|troponin|creatinine|lactate|albumin|CRP|ESR|TSH|PSA|BNP|ANA|NT-proBNP|D-dimer|PCR|LDH|CK"
    r"|INR|lipase|amylase|cortisol|aldosterone|renin|prolactin|electrolytes|semen analysis|immunity|culture and sensitivity"
    r"|methylmalonic|parvovirus|toxoplasma|bartonella|entamoeba|histolytica|cryptococcal|doppler|angiogram|MRCP|PET|DEXA|EMG)\b",
    re.IGNORECASE,
)


def in_plain_words(text: str) -> str:
    """Return a text with each known term explained in brackets the first time."""
    seen: set[str] = set()

    def explained(found: re.Match[str]) -> str:
        term = found.group().lower()
        if term in seen:
            return found.group()
        seen.add(term)
        return f"{found.group()} ({_TERMS[term]})"

    return _TERM.sub(explained, text)


def is_untranslated(text: str) -> bool:
    """Return whether a text has a term that is explained nowhere."""
    return _JARGON.search(_KNOWN.sub("", text)) is not None
