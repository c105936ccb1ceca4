"""The Asterisk modules we load, and no others: less to attack, less to pay for in each call."""

from __future__ import annotations

from pathlib import Path

# Not bridge_native_rtp: it passes the other party's packets on with their own SSRC and sequence
# numbers, and a receiver that heard a greeting from us before (Asterisk itself, for one) drops
# them as late whenever the numbers fall: half of all calls would be deaf on one side.
_ALWAYS = """
res_timing_timerfd
res_crypto res_http_websocket
res_sorcery_config res_sorcery_memory res_sorcery_astdb res_sorcery_memory_cache
res_sorcery_realtime res_realtime
res_pjproject res_pjsip res_pjsip_session res_pjsip_pubsub
res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user
res_pjsip_caller_id res_pjsip_diversion res_pjsip_dtmf_info res_pjsip_empty_info
res_pjsip_header_funcs res_pjsip_nat res_pjsip_acl res_pjsip_path
res_pjsip_outbound_registration res_pjsip_registrar res_pjsip_refer res_pjsip_rfc3326
res_pjsip_sdp_rtp res_pjsip_dlg_options res_pjsip_logger
res_pjsip_transport_websocket
res_rtp_asterisk res_srtp
res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop
res_ari res_ari_model res_ari_applications res_ari_asterisk res_ari_bridges res_ari_channels
res_ari_endpoints res_ari_events res_ari_playbacks res_ari_recordings
res_musiconhold res_format_attr_opus
chan_pjsip chan_bridge_media
bridge_builtin_features bridge_holding bridge_simple bridge_softmix
codec_alaw codec_ulaw codec_a_mu codec_g722 codec_resample codec_opus_open_source
format_pcm format_sln format_wav
app_channelredirect app_dial app_mixmonitor app_playback app_playtones app_read app_stack
app_stasis app_verbose app_transfer
func_callerid func_channel func_cut func_env func_global func_hangupcause func_logic func_math
func_pjsip_aor func_pjsip_contact func_pjsip_endpoint
func_strings func_timeout func_uuid
pbx_config
"""


_WHERE_PRESENT = "res_websocket_client"
"""Came with 22.5; ARI needs it from then on."""


def modules(folder: Path) -> list[str]:
    """Names without suffix, in the order in which they load; ``folder`` has the files."""
    newer = [name for name in _WHERE_PRESENT.split() if (folder / f"{name}.so").exists()]
    return [*newer, *_ALWAYS.split()]
