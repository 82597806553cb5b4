"""A drawn face: nobody's, but the detector takes it for one."""

from PIL import Image, ImageDraw, ImageFilter

_FINE = 4


def face(size: tuple[int, int] = (640, 480), at: tuple[int, int] = (200, 60), tall: int = 60) -> Image.Image:
    """A picture of plain ground with one face, `tall` pixels high, its upper left corner at `at`."""
    picture = Image.new("RGB", size, (120, 140, 120))
    width = int(tall * 0.74)
    w, h = width * _FINE, tall * _FINE
    drawn = Image.new("RGBA", (w, h), (0, 0, 0, 0))
    draw = ImageDraw.Draw(drawn)
    draw.ellipse((0, 0, w - 1, h - 1), fill=(205, 160, 130, 255))
    draw.pieslice((0, -h * 0.05, w, h * 0.75), 180, 360, fill=(50, 35, 25, 255))
    draw.ellipse((w * 0.1, h * 0.16, w * 0.9, h * 0.95), fill=(214, 170, 140, 255))
    for middle in (0.32, 0.68):
        draw.ellipse((w * (middle - 0.09), h * 0.40, w * (middle + 0.09), h * 0.47), fill=(250, 250, 250, 255))
        draw.ellipse((w * (middle - 0.04), h * 0.40, w * (middle + 0.04), h * 0.47), fill=(40, 25, 20, 255))
        brow = (w * (middle - 0.11), h * 0.36, w * (middle + 0.11), h * 0.35)
        draw.line(brow, fill=(50, 35, 25, 255), width=int(h * 0.02))
    draw.polygon([(w * 0.5, h * 0.45), (w * 0.43, h * 0.63), (w * 0.57, h * 0.63)], fill=(190, 145, 115, 255))
    draw.ellipse((w * 0.35, h * 0.72, w * 0.65, h * 0.79), fill=(170, 80, 75, 255))
    drawn = drawn.filter(ImageFilter.GaussianBlur(_FINE * 1.5)).resize((width, tall), Image.Resampling.LANCZOS)
    picture.paste(drawn, at, drawn)
    shoulders = (at[0] - tall // 3, at[1] + int(tall * 0.98), at[0] + width + tall // 3, size[1])
    ImageDraw.Draw(picture).rectangle(shoulders, fill=(60, 70, 110))
    return picture
