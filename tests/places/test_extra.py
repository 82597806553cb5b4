"""Gazetteers that users bring. The places in them are made up; their coordinates lie in Syria."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from marsad.errors import GazetteerRefused
from marsad.places import Gazetteer, Mention

TABLE = "admin3Name_en,admin4Name_en,admin4Name_ar,admin4Pcode,Latitude_Y,Longitude_X\n{}\n"
VILLAGE = "Zarqun,Tell Zarqunah,تل زرقونة,SY0101,35.61,36.69"
_FIELDS = "990001|Tall Zarqunah|Tall Zarqunah|Tell Zarqunah,تل زرقونة|35.61|36.69|P|PPL|SY||12||||812||||2020-01-01"
DUMP = _FIELDS.replace("|", "\t")
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [36.69, 35.61]},
            "properties": {"name": "Tell Zarqunah", "name_ar": "تل زرقونة", "id": 7},
        }
    ],
}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    paths = {name: tmp_path / name for name in ("cod.csv", "cod.tsv", "SY.txt", "SY.zip", "points.geojson")}
    paths["cod.csv"].write_text("\ufeff" + TABLE.format(VILLAGE), encoding="utf-8")
    paths["cod.tsv"].write_text(TABLE.format(VILLAGE).replace(",", "\t"), encoding="utf-8")
    paths["SY.txt"].write_text(DUMP + "\n", encoding="utf-8")
    paths["points.geojson"].write_text(json.dumps(GEOJSON), encoding="utf-8")
    with zipfile.ZipFile(paths["SY.zip"], "w") as archive:
        archive.writestr("readme.txt", "about")
        archive.writestr("SY.txt", DUMP)
    return paths


@pytest.mark.parametrize("name", ["cod.csv", "cod.tsv", "SY.txt", "SY.zip", "points.geojson"])
@pytest.mark.parametrize("written", ["Tell Zarqunah", "Tall Zarkuna", "تل زرقونة"])
def test_a_users_village_is_found(gazetteer: Gazetteer, files: dict[str, Path], name: str, written: str) -> None:
    assert gazetteer.resolve([Mention(0, len(written), written)])[0].id is None
    mine = gazetteer.with_extra(files[name])
    (place,) = mine.resolve([Mention(0, len(written), written)], f"{written}, Syria")
    assert (place.country, place.lat, place.lon) == ("SY", 35.61, 36.69)
    assert place.admin1 == "Idlib"
    assert place.precision == "populated_place"
    assert mine.coarsen(place, "first_order_division").id == "iso:SY-ID"


def test_the_same_file_is_built_once(gazetteer: Gazetteer, files: dict[str, Path]) -> None:
    gazetteer.with_extra(files["cod.csv"])
    copy = files["cod.csv"].with_name("copy.csv")
    copy.write_bytes(files["cod.csv"].read_bytes())
    (place,) = gazetteer.with_extra(copy).resolve([Mention(0, 13, "Tell Zarqunah")])
    assert place.country == "SY"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.csv", None, "check the path"),
        ("empty.csv", b"", "no column for name"),
        ("header.csv", b"name,lat,lon\n", "no place"),
        ("columns.csv", b"village;height\nA;3\n", "no column for lat"),
        ("north.csv", b"name,lat,lon\nFar,95,10\n", "row 2"),
        ("words.csv", b"name,lat,lon\nFar,north,10\n", "row 2"),
        ("latin1.csv", "name,lat,lon\nDa\u00efr,35,36\n".encode("latin-1"), "UTF-8"),
        ("broken.json", b'{"type": ', "not valid JSON"),
        ("list.json", b"[1, 2]", "FeatureCollection"),
        ("area.json", b'{"features": [{"geometry": {"type": "Polygon", "coordinates": []}}]}', "feature 1"),
        ("deep.json", b"[" * 100_000, "not valid JSON"),
        ("short.txt", DUMP.encode() + b"\n990002\tTall\n", "line 2"),
        ("binary.bin", bytes(range(256)), "UTF-8"),
    ],
)
def test_a_bad_file_is_named_with_what_to_do(
    gazetteer: Gazetteer, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GazetteerRefused) as refused:
        gazetteer.with_extra(path)
    assert str(path) in str(refused.value)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
