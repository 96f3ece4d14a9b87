"""The same short record in four more languages and three more writings; all sentences are invented."""

from consent.record.labels import LABELS
from consent.record_facts import ConsentRecord, PersonOnRecord, SheetSection
from tests.unit.record.samples import DIGEST, at, chinese_record, english_record, event, signature, signature_png

PHONE = "+44 20 7946 0018"
MIXED = (
    "قالت الدكتورة Sarah Okafor (من عيادة «النهر»، واسمها بالصينية 王晓燕) في 4 مارس 2026 عند 10:05 إن الجرعة 45ملغ "
    "(مرة واحدة)، وإن الاسم التجاري هو Cu-T 380A (نحاس)، ثم سألت: «هل فهمتِ؟»."
)

ARABIC_WORDS = {
    "title": "سجل موافقتك",
    "about_heading": "ما هذه الورقة",
    "about": "تبيّن هذه الورقة ما قيل لك، وما أجبتِ به، ومتى كان ذلك. هي نسختك، وأنت من يقرر من يراها.",
    "about_change": (
        "يمكنك أن ترفضي، أو أن ترجعي عن موافقتك، في أي وقت قبل الإجراء وأثناءه. لا حاجة إلى سبب ولا إلى توقيع، "
        "ويكفي أن تخبري أي شخص من العاملين."
    ),
    "patient_heading": "عمّن هذا السجل",
    "patient_name": "الاسم",
    "patient_latin_name": "الاسم بالحروف اللاتينية",
    "birth_date": "تاريخ الميلاد",
    "procedure_heading": "الإجراء",
    "procedure_name": "اسم الإجراء",
    "side": "الجانب أو الموضع",
    "procedure_code": "رمز الإجراء",
    "state_heading": "قرارك",
    "state_as_of": "هكذا كان الأمر في {time}.",
    "sheet_heading": "ما قيل لك",
    "sheet_intro": "بجانب الخط الرمادي النص كما عُرض عليك.",
    "sheet_title": "العنوان",
    "sheet_version": "الإصدار",
    "sheet_digest": "رمز التحقق من النص",
    "people_heading": "من كان في الغرفة",
    "conversation_heading": "الحديث",
    "questions_heading": "أسئلتك والأجوبة",
    "asked": "السؤال",
    "answered": "الجواب",
    "signatures_heading": "التوقيعات",
    "signature": "التوقيع",
    "signed_name": "وقّع",
    "signed_method": "الطريقة",
    "signed_at": "الوقت",
    "witness": "الشاهد",
    "events_heading": "ما حدث خطوة خطوة",
    "event_when": "الوقت",
    "event_what": "ما حدث",
    "event_entry": "القيد",
    "page": "الصفحة {page} من {pages}",
    "page_sheet": "ورقة المعلومات: الإصدار {version}، {language}",
    "page_code": "رمز التحقق من هذا السجل: {digest}",
    "draft": "مسودة",
    "month_3": "مارس",
    "month_11": "نوفمبر",
    "time": "{date}، {clock} ({offset})",
}
HINDI_WORDS = {
    "title": "आपकी सहमति का लेखा",
    "about_heading": "यह काग़ज़ क्या है",
    "about": "यह काग़ज़ दिखाता है कि आपको क्या बताया गया, आपने क्या उत्तर दिया और कब। यह आपकी अपनी प्रति है।",
    "about_change": (
        "प्रक्रिया से पहले या उसके बीच में आप कभी भी मना कर सकती हैं या अपनी हाँ वापस ले सकती हैं। "
        "कारण या हस्ताक्षर की ज़रूरत नहीं है। किसी भी कर्मचारी को बता देना काफ़ी है।"
    ),
    "patient_heading": "यह किसके बारे में है",
    "patient_name": "नाम",
    "patient_latin_name": "लैटिन अक्षरों में नाम",
    "birth_date": "जन्म तिथि",
    "procedure_heading": "प्रक्रिया",
    "procedure_name": "प्रक्रिया का नाम",
    "side": "शरीर का भाग",
    "procedure_code": "प्रक्रिया का कोड",
    "state_heading": "आपका निर्णय",
    "state_as_of": "{time} को स्थिति यह थी।",
    "page": "पृष्ठ {page} / {pages}",
    "page_sheet": "जानकारी पत्र: संस्करण {version}, {language}",
    "page_code": "इस लेखे का जाँच कोड: {digest}",
    "draft": "मसौदा",
    "month_3": "मार्च",
    "month_11": "नवंबर",
}
FRENCH_WORDS = {
    "title": "Votre dossier de consentement",
    "about_heading": "Ce qu’est ce papier",
    "about": "Ce papier montre ce qu’on vous a dit, ce que vous avez répondu, et quand. C’est votre propre exemplaire.",
    "about_change": (
        "Vous pouvez dire non, ou reprendre votre « oui », à tout moment : avant l’acte ou pendant. "
        "Il ne faut ni raison ni signature ; le dire à n’importe quel membre de l’équipe suffit."
    ),
    "patient_heading": "De qui il s’agit",
    "patient_name": "Nom",
    "birth_date": "Date de naissance",
    "procedure_heading": "L’acte",
    "procedure_name": "Nom de l’acte",
    "side": "Côté ou endroit du corps",
    "procedure_code": "Code de l’acte",
    "state_heading": "Votre décision",
    "state_as_of": "Voici où l’on en était le {time}.",
    "page": "Page {page} sur {pages}",
    "page_sheet": "Fiche d’information : version {version}, {language}",
    "page_code": "Code de contrôle de ce dossier : {digest}",
    "draft": "Brouillon",
    "month_3": "mars",
    "month_11": "novembre",
}
SPANISH_WORDS = {
    "title": "Su registro de consentimiento",
    "about_heading": "Qué es este papel",
    "about": "Este papel muestra qué se le dijo, qué respondió usted y cuándo. Es su propia copia.",
    "about_change": (
        "Puede decir que no, o retirar un «sí», en cualquier momento antes del procedimiento y durante él. "
        "No hace falta motivo ni firma: basta con decírselo a cualquier persona del equipo. ¿Tiene dudas? ¡Pregunte!"
    ),
    "patient_heading": "De quién se trata",
    "patient_name": "Nombre",
    "birth_date": "Fecha de nacimiento",
    "procedure_heading": "El procedimiento",
    "procedure_name": "Nombre del procedimiento",
    "side": "Lado o parte del cuerpo",
    "procedure_code": "Código del procedimiento",
    "state_heading": "Su decisión",
    "state_as_of": "Así estaba el {time}.",
    "page": "Página {page} de {pages}",
    "page_sheet": "Hoja de información: versión {version}, {language}",
    "page_code": "Código de control de este registro: {digest}",
    "draft": "Borrador",
    "month_3": "marzo",
    "month_11": "noviembre",
}


ARABIC: dict[str, object] = {
    "language": "ar",
    "site_name": "عيادة النهر للنساء",
    "time_zone": "Asia/Riyadh",
    "patient_name": "فاطمة الزَّهراء بنت عبد الله",
    "patient_latin_name": "Fatima al-Zahra",
    "procedure_name": "تركيب لولب نحاسي (IUD)",
    "side": "الرحم",
    "state": "قلتِ نعم",
    "state_explained": "وافقتِ على هذا الإجراء.\n\nلم يبدأ بعد.",
    "sheet_language": "ar",
    "sheet_title": "تركيب اللولب النحاسي",
    "sheet_sections": (
        SheetSection(
            heading="ما هو اللولب النحاسي؟",
            text=f"IUD هو جهاز صغير يوضع في الرحم.\n\nعودي إلينا إذا:\n- اشتدّ الألم أكثر من 3 أيام\n- زادت "
            f"الحرارة على 38.5 درجة\n\n{MIXED}",
        ),
    ),
    "rules": (("حين سُئلتِ", DIGEST),),
    "people": (
        PersonOnRecord(role="الطبيبة", name="Dr Sarah Okafor", note="أدارت الحديث", role_code="practitioner"),
        PersonOnRecord(role="المترجمة", name="王晓燕", note=PHONE, role_code="interpreter"),
    ),
    "conversation": (
        ("رقم الهاتف", PHONE),
        ("بكلماتك", "يمكن إخراجه متى شئت.\nI can say no <b>today</b> & later."),
    ),
    "questions": (("هل يؤلم؟", "قد تشعرين بتقلص قوي لدقائق قليلة (5-10 دقائق). يمكنك طلب مسكّن."),),
    "without_word": (),
    "signatures": (
        signature(
            meaning_code="gives-consent",
            meaning="أوافق",
            name="فاطمة الزَّهراء بنت عبد الله",
            method="بخط اليد على جهاز العيادة",
            signed_at=at(10, 31),
            image_png=signature_png("RGB"),
        ),
    ),
    "events": (
        event(1, "عرضت الدكتورة Sarah Okafor الإجراء.", kind="consent.proposed", happened_at=at(9), index=1041),
        event(3, "أعطيتِ موافقتك.", kind="consent.given", happened_at=at(10, 31), index=1043),
    ),
    "ledger_origin": "freely-given/river",
    "labels": LABELS | ARABIC_WORDS,
}


def arabic_record(**changes: object) -> ConsentRecord:
    return english_record(**(ARABIC | changes))


def hindi_record(**changes: object) -> ConsentRecord:
    values: dict[str, object] = {
        "language": "hi",
        "site_name": "नदी किनारे महिला चिकित्सालय",
        "time_zone": "Asia/Kolkata",
        "patient_name": "श्रीमती लक्ष्मी ज्ञानेश्वरी कृष्णमूर्ति",
        "patient_latin_name": "Lakshmi Krishnamurthy",
        "procedure_name": "ताँबे का गर्भनिरोधक यंत्र (IUD) लगाना",
        "side": "गर्भाशय",
        "state": "आपने हाँ कहा",
        "state_explained": "आपने इस प्रक्रिया के लिए सहमति दी।\n\nयह अभी शुरू नहीं हुई है।",
        "sheet_language": "hi",
        "sheet_title": "ताँबे का यंत्र",
        "sheet_sections": (
            SheetSection(heading="यह क्या है?", text="यह एक छोटा यंत्र है जिसे 10 वर्ष तक रखा जा सकता है।\n- दर्द बढ़े तो आइए"),
        ),
        "labels": LABELS | HINDI_WORDS,
    }
    return english_record(**(values | changes))


def french_record(**changes: object) -> ConsentRecord:
    values: dict[str, object] = {
        "language": "fr",
        "site_name": "Maison de santé du Canal",
        "time_zone": "Europe/Paris",
        "patient_name": "Zoé Lœuillet-Haÿ",
        "procedure_name": "Pose d’un dispositif intra-utérin au cuivre",
        "side": "Utérus",
        "state": "Vous avez dit oui",
        "state_explained": "Vous avez accepté cet acte.\n\nIl n’a pas encore commencé.",
        "sheet_language": "fr",
        "labels": LABELS | FRENCH_WORDS,
    }
    return english_record(**(values | changes))


def spanish_record(**changes: object) -> ConsentRecord:
    values: dict[str, object] = {
        "language": "es",
        "site_name": "Consultorio de la Ribera",
        "time_zone": "America/Bogota",
        "patient_name": "Íñigo Muñoz Güell",
        "procedure_name": "Colocación de un DIU de cobre",
        "side": "Útero",
        "state": "Usted dijo que sí",
        "state_explained": "Aceptó este procedimiento.\n\nTodavía no ha empezado.",
        "sheet_language": "es",
        "labels": LABELS | SPANISH_WORDS,
    }
    return english_record(**(values | changes))


RECORDS = {
    "en": english_record,
    "zh-Hans": chinese_record,
    "ar": arabic_record,
    "hi": hindi_record,
    "fr": french_record,
    "es": spanish_record,
}
