"""A switch and its outside world in memory: they behave, but nothing leaves the process.

clock = VirtualClock()
fake = FakeSwitch(clock)
async with clock.flowing(), fake.serving(on_call):
    fake.world.phone("13900000001").answers(after=2)
    call = await fake.world.call("4006001234", caller="13812345678")
    await call.ended()
"""

from hotline.telephony.fake.switch import FakeSwitch
from hotline.telephony.fake.world import FakeCall, FakePhone, FakeReceivedCall, FakeWorld

__all__ = ["FakeCall", "FakePhone", "FakeReceivedCall", "FakeSwitch", "FakeWorld"]
