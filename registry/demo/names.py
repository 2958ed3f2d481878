"""Names and identifiers of invented people, deterministic for a given random generator.

The names are put together from common parts of the region; any likeness to a living person is chance. The ID numbers
pass GB 11643 and the exam numbers have the look of the list in use (two digits of the year, 13, six serial).
"""

import datetime as dt
from dataclasses import dataclass
from random import Random

# Many people here share 马; the weights after the surnames keep it so: names that repeat are what must be coped with.
SURNAMES = {
    "03": "马62 妥8 喇3 丁4 白4 拜3 穆3 沙2 苏3 敏3",
    "26": "马58 唐7 汪6 高4 陈3 妥6 包4 牟5 张4",
    "35": "韩60 马22 何6 沈4 苏4",
    "47": "马52 妥12 张6 冶10 虎4",
    "30": "祁20 李18 鲁10 吕8 乔6 董5",
    "04": "杨20 卓6 王10 万5",
    "01": "王12 张12 李12 祁8 石6 赵8 孔6 何6 唐5 陕3",
}
ETHNICITY_WEIGHTS = {
    "622901": {"03": 48, "01": 40, "26": 8, "30": 2, "35": 2},
    "622921": {"01": 52, "03": 36, "26": 10, "30": 2},
    "622922": {"03": 54, "01": 38, "26": 6, "04": 2},
    "622923": {"01": 82, "03": 12, "30": 4, "26": 2},
    "622924": {"03": 88, "26": 8, "01": 4},
    "622925": {"03": 56, "01": 30, "26": 14},
    "622926": {"26": 86, "03": 8, "01": 6},
    "622927": {"01": 40, "47": 22, "26": 14, "03": 14, "35": 8, "30": 2},
}
GIVEN_MEN = (
    "明 强 军 伟 龙 海 涛 俊 杰 鹏 学良 文涛 国栋 海明 "
    "小龙 晓东 志远 建国 忠明 占海 福祥 成林 玉龙 永福 生虎 学军 继业 亚军"
).split()
GIVEN_WOMEN = (
    "燕 梅 英 花 兰 霞 静 丽 芳 雪 秀英 玉兰 晓梅 海燕 "
    "秀花 小红 雅静 丽娟 文静 成香 桂芳 婷婷 晓燕 玉梅 秀兰 彩霞 慧 欣怡"
).split()
# Names of Muslim pupils as registers write them: surname, dot U+00B7, given name in transcription.
DOTTED_MEN = "伊布拉欣 穆罕默德 阿卜杜拉 尤素夫 哈桑 达吾德 伊斯玛仪 欧麦尔".split()
DOTTED_WOMEN = "法图麦 阿依舍 麦尔彦 海蒂彻 赛丽麦 索菲娅".split()
DOTTED_ETHNICITIES = ("03", "26", "35", "47")
# Every demo year has these: characters outside the BMP or not in old fonts, and a name that strains the columns.
SPECIAL = (
    ("马𬱖", "1", "26"),
    ("妥䶮", "1", "03"),
    ("祁玉𫖯", "1", "30"),
    ("韩·穆罕默德·阿卜杜勒热合曼·伊斯玛仪", "1", "35"),
    ("马·伊布拉欣", "1", "03"),
    ("马·法图麦", "2", "26"),
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Person:
    """An invented pupil. `sex` by GB/T 2261.1, `ethnicity` by GB/T 3304, `county` six digits."""

    name: str
    sex: str
    ethnicity: str
    birth_date: dt.date
    id_number: str
    county: str


class People:
    """Makes people; never the same ID number twice in its life."""

    def __init__(self, random: Random):
        self.random = random
        self._taken: set[str] = set()

    def pupil(self, *, county: str, entry_year: int, special: tuple[str, str, str] | None = None) -> Person:
        """A pupil of `county`, old enough to enter senior high in `entry_year`; `special` is (name, sex, ethnicity)."""
        weights = ETHNICITY_WEIGHTS[county]
        if special:
            name, sex, ethnicity = special
        else:
            ethnicity = self.random.choices(list(weights), weights=list(weights.values()))[0]
            sex = self.random.choice("12")
            name = self.name(sex, ethnicity)
        birth_date = dt.date(entry_year - 16, 3, 1) + dt.timedelta(days=self.random.randrange(540))
        return Person(name, sex, ethnicity, birth_date, self.id_number(county, birth_date, sex), county)

    def name(self, sex: str, ethnicity: str) -> str:
        """A name usual for the sex and the ethnic group; one in thirty of the Muslim ones has a dot in it."""
        surnames = SURNAMES[ethnicity].split()
        surname = self.random.choices(surnames, weights=[int(entry[1:]) for entry in surnames])[0][0]
        if ethnicity in DOTTED_ETHNICITIES and self.random.random() < 1 / 30:
            return surname + "·" + self.random.choice(DOTTED_MEN if sex == "1" else DOTTED_WOMEN)
        return surname + self.random.choice(GIVEN_MEN if sex == "1" else GIVEN_WOMEN)

    def id_number(self, county: str, birth_date: dt.date, sex: str) -> str:
        """A number by GB 11643, not given out before: division, birth date, serial (odd for men), check character."""
        while True:
            serial = self.random.randrange(1, 500) * 2 - (sex == "1")
            body = f"{county}{birth_date:%Y%m%d}{serial:03d}"
            remainder = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
            number = body + "10X98765432"[remainder]
            if number not in self._taken:
                self._taken.add(number)
                return number


def exam_number(year: int, serial: int) -> str:
    """准考证号 of the `serial`-th (from 1) candidate of `year`, ten digits: 2613000001."""
    return f"{year % 100:02d}13{serial:06d}"
