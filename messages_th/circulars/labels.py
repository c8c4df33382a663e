"""What the buttons that lead to the same place are called on every card of circulars."""

from __future__ import annotations

OPEN_DRAFT = "เปิดร่างหนังสือ"
BACK_TO_LETTER = "กลับไปที่หนังสือ"
CHECK = "ตรวจก่อนส่ง"
CHECK_PROPOSED = "ตรวจก่อนปล่อยหนังสือ"
FOLLOW = "ดูความคืบหน้า"
