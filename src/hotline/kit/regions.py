"""China's provinces and cities with their long-distance area codes (长途区号).

The names are the bare ones that people say: 北京, 广东 深圳, 内蒙古 呼和浩特. Cities that share an
area code stand in the order of who had it first; the first is taken for a landline's city.
Which mobile numbers belong to which city comes from a table generated out of the public data of
the phonenumbers project (see :mod:`hotline.kit.region_data`): 1.4 MB in memory and one index to
look one up, where that project's own tables of all the world take 200 MB.
"""

from __future__ import annotations

import json
import lzma
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TABLE = """
北京 010=北京
天津 022=天津
河北 0311=石家庄 0315=唐山 0335=秦皇岛 0310=邯郸 0319=邢台 0312=保定 0313=张家口 0314=承德 0317=沧州 0316=廊坊 0318=衡水
山西 0351=太原 0352=大同 0353=阳泉 0355=长治 0356=晋城 0349=朔州 0354=晋中 0359=运城 0350=忻州 0357=临汾 0358=吕梁
内蒙古 0471=呼和浩特 0472=包头 0473=乌海 0476=赤峰 0475=通辽 0477=鄂尔多斯 0470=呼伦贝尔 0478=巴彦淖尔 0474=乌兰察布 0482=兴安 0479=锡林郭勒 0483=阿拉善
辽宁 024=沈阳,抚顺,本溪,铁岭 0411=大连 0412=鞍山 0415=丹东 0416=锦州 0417=营口 0418=阜新 0419=辽阳 0427=盘锦 0421=朝阳 0429=葫芦岛
吉林 0431=长春 0432=吉林 0434=四平 0437=辽源 0435=通化 0439=白山 0438=松原 0436=白城 0433=延边
黑龙江 0451=哈尔滨 0452=齐齐哈尔 0467=鸡西 0468=鹤岗 0469=双鸭山 0459=大庆 0458=伊春 0454=佳木斯 0464=七台河 0453=牡丹江 0456=黑河 0455=绥化 0457=大兴安岭
上海 021=上海
江苏 025=南京 0510=无锡 0516=徐州 0519=常州 0512=苏州 0513=南通 0518=连云港 0517=淮安 0515=盐城 0514=扬州 0511=镇江 0523=泰州 0527=宿迁
浙江 0571=杭州 0574=宁波 0577=温州 0573=嘉兴 0572=湖州 0575=绍兴 0579=金华 0570=衢州 0580=舟山 0576=台州 0578=丽水
安徽 0551=合肥 0553=芜湖 0552=蚌埠 0554=淮南 0555=马鞍山 0561=淮北 0562=铜陵 0556=安庆 0559=黄山 0550=滁州 0558=阜阳,亳州 0557=宿州 0564=六安 0566=池州 0563=宣城
福建 0591=福州 0592=厦门 0594=莆田 0598=三明 0595=泉州 0596=漳州 0599=南平 0597=龙岩 0593=宁德
江西 0791=南昌 0798=景德镇 0799=萍乡 0792=九江 0790=新余 0701=鹰潭 0797=赣州 0796=吉安 0795=宜春 0794=抚州 0793=上饶
山东 0531=济南 0532=青岛 0533=淄博 0632=枣庄 0546=东营 0535=烟台 0536=潍坊 0537=济宁 0538=泰安 0631=威海 0633=日照 0539=临沂 0534=德州 0635=聊城 0543=滨州 0530=菏泽
河南 0371=郑州,开封 0379=洛阳 0375=平顶山 0372=安阳 0392=鹤壁 0373=新乡 0391=焦作,济源 0393=濮阳 0374=许昌 0395=漯河 0398=三门峡 0377=南阳 0370=商丘 0376=信阳 0394=周口 0396=驻马店
湖北 027=武汉 0714=黄石 0719=十堰,神农架 0717=宜昌 0710=襄阳 0711=鄂州 0724=荆门 0712=孝感 0716=荆州 0713=黄冈 0715=咸宁 0722=随州 0718=恩施 0728=仙桃,潜江,天门
湖南 0731=长沙,株洲,湘潭 0734=衡阳 0739=邵阳 0730=岳阳 0736=常德 0744=张家界 0737=益阳 0735=郴州 0746=永州 0745=怀化 0738=娄底 0743=湘西
广东 020=广州 0751=韶关 0755=深圳 0756=珠海 0754=汕头 0757=佛山 0750=江门 0759=湛江 0668=茂名 0758=肇庆 0752=惠州 0753=梅州 0660=汕尾 0762=河源 0662=阳江 0763=清远 0769=东莞 0760=中山 0768=潮州 0663=揭阳 0766=云浮
广西 0771=南宁,崇左 0772=柳州,来宾 0773=桂林 0774=梧州,贺州 0779=北海 0770=防城港 0777=钦州 0775=玉林,贵港 0776=百色 0778=河池
海南 0898=海口,三亚,三沙,儋州
重庆 023=重庆
四川 028=成都,眉山,资阳 0813=自贡 0812=攀枝花 0830=泸州 0838=德阳 0816=绵阳 0839=广元 0825=遂宁 0832=内江 0833=乐山 0817=南充 0831=宜宾 0826=广安 0818=达州 0835=雅安 0827=巴中 0837=阿坝 0836=甘孜 0834=凉山
贵州 0851=贵阳,遵义,安顺 0858=六盘水 0857=毕节 0856=铜仁 0859=黔西南 0855=黔东南 0854=黔南
云南 0871=昆明 0874=曲靖 0877=玉溪 0875=保山 0870=昭通 0888=丽江 0879=普洱 0883=临沧 0878=楚雄 0873=红河 0876=文山 0691=西双版纳 0872=大理 0692=德宏 0886=怒江 0887=迪庆
西藏 0891=拉萨 0892=日喀则 0895=昌都 0894=林芝 0893=山南 0896=那曲 0897=阿里
陕西 029=西安,咸阳 0919=铜川 0917=宝鸡 0913=渭南 0911=延安 0916=汉中 0912=榆林 0915=安康 0914=商洛
甘肃 0931=兰州 0937=酒泉,嘉峪关 0935=武威,金昌 0943=白银 0938=天水 0936=张掖 0933=平凉 0934=庆阳 0932=定西 0939=陇南 0930=临夏 0941=甘南
青海 0971=西宁 0972=海东 0970=海北 0973=黄南 0974=海南 0975=果洛 0976=玉树 0977=海西 0979=海西
宁夏 0951=银川 0952=石嘴山 0953=吴忠 0954=固原 0955=中卫
新疆 0991=乌鲁木齐 0990=克拉玛依 0995=吐鲁番 0902=哈密 0994=昌吉 0909=博尔塔拉 0996=巴音郭楞 0997=阿克苏 0908=克孜勒苏 0998=喀什 0903=和田 0999=伊犁 0992=伊犁 0901=塔城 0906=阿勒泰 0993=石河子
"""  # noqa: E501 - one province, one line

FIRST_SEGMENT = 1_300_000
"""The first seven digits (号段) of the lowest mobile number."""


@dataclass(frozen=True, slots=True)
class City:
    """A city, or what stands in its place (地区, 盟, 自治州)."""

    province: str
    name: str
    area_code: str
    """With its leading 0, e.g. ``0755``."""


@dataclass(frozen=True, slots=True)
class MobileData:
    """The generated table."""

    cities: tuple[City | None, ...]
    segments: array[int]
    """Seven leading digits minus FIRST_SEGMENT → index of ``cities``; 0 is unknown."""
    carriers: Mapping[str, str]
    """Leading digits → 移动, 联通, 电信, 广电."""
    countries: Mapping[str, str]
    """ISO 3166 code → Chinese name."""


def _read_table() -> list[City]:
    cities = []
    for row in _TABLE.strip().splitlines():
        province, *entries = row.split()
        for entry in entries:
            code, names = entry.split("=")
            cities += [City(province, name, code) for name in names.split(",")]
    return cities


_CITIES = _read_table()
_BY_CODE: dict[str, City] = {}
_BY_NAME: dict[tuple[str, str], City] = {}
for _city in _CITIES:
    _BY_CODE.setdefault(_city.area_code, _city)
    _BY_NAME.setdefault((_city.province, _city.name), _city)


def all_cities() -> tuple[City, ...]:
    """Every city in the order of official lists, province by province."""
    return tuple(_CITIES)


def all_regions() -> dict[str, tuple[str, ...]]:
    """Every province with its cities, in the order of official lists."""
    regions: dict[str, dict[str, None]] = {}
    for city in _CITIES:
        regions.setdefault(city.province, {})[city.name] = None
    return {province: tuple(cities) for province, cities in regions.items()}


def city_named(province: str, city: str) -> City | None:
    return _BY_NAME.get((province, city))


def city_of_area_code(area_code: str) -> City | None:
    """The city of a long-distance area code, written with its leading 0."""
    return _BY_CODE.get(area_code)


def split_area_code(digits: str) -> tuple[str, str] | None:
    """A national number with its leading 0 → area code and local number; None without a known
    area code."""
    for length in (3, 4):
        if digits[:length] in _BY_CODE:
            return digits[:length], digits[length:]
    return None


@cache
def mobile_data() -> MobileData:
    """Read the generated table; some 30 ms the first time."""
    packed = files("hotline.kit").joinpath("data/mobile_regions.xz").read_bytes()
    head, body = lzma.decompress(packed).split(b"\n", 1)
    facts = json.loads(head)
    segments = array("H")
    segments.frombytes(body)
    if sys.byteorder == "big":
        segments.byteswap()
    cities = (None, *(_BY_NAME[province, name] for province, name in facts["cities"]))
    return MobileData(cities, segments, facts["carriers"], facts["countries"])


def city_of_mobile(digits: str) -> City | None:
    """The home city of an eleven-digit mobile number."""
    data = mobile_data()
    place = int(digits[:7]) - FIRST_SEGMENT
    return data.cities[data.segments[place]] if 0 <= place < len(data.segments) else None


def carrier_of_mobile(digits: str) -> str | None:
    """移动, 联通, 电信 or 广电; as numbered, for numbers can be ported."""
    carriers = mobile_data().carriers
    for length in (7, 6, 5, 4, 3):
        if (carrier := carriers.get(digits[:length])) is not None:
            return carrier
    return None


def country_name(iso_code: str) -> str | None:
    return mobile_data().countries.get(iso_code)
