"""Each manifest of the shelf with the real library: a correct program is silent, one that races is reported."""
import pathlib
import sys
import unittest

import servers
from support import BIN



def newest(pattern):
    """The soname of a library that has another one in each release of Debian's."""
    found = sorted(pathlib.Path("/usr/lib").glob(f"*/{pattern}"), key=lambda path: len(path.name))
    return found[0].name if found else pattern


OPENSSL = [f"openssl/{name}.h" for name in (
    "ssl", "hmac", "cmac", "cms", "ocsp", "ts", "pkcs12", "decoder", "encoder", "store", "conf", "kdf", "http")]
XML2 = ["tree", "parser", "xmlreader", "xmlwriter", "xpath", "xpathInternals", "xmlsave", "HTMLparser", "xmlschemas", "relaxng",
        "xmlregexp", "xinclude", "c14n", "catalog"]
GDAL = ["gdal", "ogr_api", "ogr_srs_api", "gdal_utils", "gdal_alg", "gdalwarper", "gdal_vrt"]
GLIB_CONFIGURED = [f"-I{folder}" for folder in pathlib.Path("/usr/lib").glob("*/glib-2.0/include")]
# By manifest: soname, headers, flags; and what the program that races is told of.
SHELF = {
    "libasound": ("libasound.so.2", ["alsa/asoundlib.h"], [],
                  ["drain-timeout snd_pcm_close snd_pcm_writei", "freed-late snd_pcm_close", "late-op snd_pcm_avail",
                   "late-op snd_pcm_writei", "null-op snd_pcm_start", "repeat-free snd_pcm_close"]),
    "libcrypto": ("libcrypto.so.3", OPENSSL, [],
                  ["drain-timeout BIO_free BIO_read", "freed-late BIO_free", "late-op BIO_write", "late-op EVP_DigestUpdate",
                   "overlap BIO_ctrl_pending BIO_read", "repeat-free EVP_CIPHER_CTX_free"]),
    "libcurl": ("libcurl.so.4", ["curl/curl.h"], [],
                ["drain-timeout curl_easy_cleanup curl_easy_perform", "late-free curl_multi_cleanup curl_multi_poll",
                 "late-op curl_easy_getinfo", "late-op curl_easy_setopt"]),
    "libexpat": ("libexpat.so.1", ["expat.h"], [],
                 ["drain-timeout XML_ParserFree XML_Parse", "freed-late XML_ParserFree", "late-op XML_GetCurrentLineNumber",
                  "late-op XML_GetErrorCode", "orphan XML_Parse", "orphan XML_ParserFree", "orphan XML_ParserFree",
                  "overlap XML_GetCurrentColumnNumber XML_Parse", "reentrant-free XML_ParserFree XML_Parse"]),
    "libgdal": (newest("libgdal.so.[0-9]*"), [f"gdal/{name}.h" for name in GDAL], ["-I/usr/include/gdal"],
                ["drain-timeout GDALClose GDALComputeRasterStatistics", "freed-late GDALClose", "inherited GDALClose",
                 "late-op GDALFillRaster", "late-op GDALGetProjectionRef", "repeat-free GDALClose", "repeat-free OGR_F_Destroy"]),
    "libgit2": (newest("libgit2.so.1.*"), ["git2.h"], [],
                ["drain-timeout git_repository_free git_status_foreach", "freed-late git_repository_free",
                 "late-op git_repository_path", "late-op git_revwalk_next", "overlap git_index_entrycount git_index_add_all",
                 "repeat-free git_object_free"]),
    "libglib": ("libglib-2.0.so.0", ["glib.h"], ["-I/usr/include/glib-2.0", *GLIB_CONFIGURED],
                ["drain-timeout g_async_queue_unref g_async_queue_pop", "freed-late g_async_queue_unref",
                 "late-op g_async_queue_length", "late-op g_key_file_get_string", "late-op g_main_loop_is_running",
                 "repeat-free g_main_loop_unref"]),
    "libgpgme": ("libgpgme.so.11", ["gpgme.h"], [],
                 ["drain-timeout gpgme_data_release gpgme_op_import", "drain-timeout gpgme_release gpgme_op_import",
                  "late-op gpgme_data_seek", "late-op gpgme_op_keylist_end", "overlap gpgme_get_armor gpgme_op_import",
                  "repeat-free gpgme_key_unref"]),
    "libhdf5": (newest("libhdf5_serial.so.[0-9]*"), ["hdf5.h"], ["-I/usr/include/hdf5/serial"],
                ["drain-timeout H5Gclose H5Aiterate2", "freed-again H5Fclose", "freed-late H5Gclose", "late-op H5Aexists"]),
    "libhidapi": ("libhidapi-hidraw.so.0", ["hidapi/hidapi.h"], [],
                  ["drain-timeout hid_exit hid_enumerate", "freed-late hid_exit", "overlap hid_open hid_enumerate"]),
    "libhiredis": ("libhiredis.so", ["hiredis/hiredis.h", "hiredis/async.h"], [],
                   ["drain-timeout redisFree redisCommand", "freed-late redisFree", "late-op redisAppendCommand",
                    "late-op redisAsyncCommand", "overlap redisAppendCommand redisCommand", "repeat-free redisAsyncFree",
                    "repeat-free redisFree"]),
    "liblmdb": ("liblmdb.so.0", ["lmdb.h"], [],
                ["drain-timeout mdb_txn_abort mdb_get", "freed-late mdb_txn_abort", "inherited mdb_env_close",
                 "late-op mdb_cursor_get", "late-op mdb_cursor_get", "late-op mdb_txn_renew", "orphan mdb_env_close",
                 "orphan mdb_txn_abort", "orphan mdb_txn_id", "overlap mdb_txn_id mdb_get", "repeat-free mdb_txn_abort"]),
    "libmariadb": ("libmariadb.so.3", ["mariadb/mysql.h"], ["-I/usr/include/mariadb"],
                   ["drain-timeout mysql_close mysql_query", "inherited mysql_close", "late-op mysql_errno",
                    "late-op mysql_ping", "orphan mysql_close", "orphan mysql_fetch_row", "orphan mysql_free_result",
                    "overlap mysql_affected_rows mysql_query", "repeat-free mysql_close"]),
    "libmosquitto": ("libmosquitto.so.1", ["mosquitto.h"], [],
                     ["drain-timeout mosquitto_destroy mosquitto_loop_forever", "freed-late mosquitto_destroy",
                      "late-op mosquitto_publish", "late-op mosquitto_socket", "repeat-free mosquitto_destroy"]),
    "libnetcdf": (newest("libnetcdf.so.[0-9]*"), ["netcdf.h", "netcdf_mem.h", "netcdf_filter.h"], [],
                  ["drain-timeout nc_close nc_sync", "freed-late nc_close", "late-op nc_inq_ndims",
                   "overlap nc_inq_nvars nc_sync"]),
    "libnghttp2": ("libnghttp2.so.14", ["nghttp2/nghttp2.h"], [],
                   ["drain-timeout nghttp2_session_del nghttp2_session_mem_recv", "freed-late nghttp2_session_del",
                    "late-op nghttp2_session_want_write", "late-op nghttp2_stream_get_weight",
                    "overlap nghttp2_session_want_read nghttp2_session_mem_recv",
                    "reentrant-free nghttp2_session_del nghttp2_session_mem_recv", "repeat-free nghttp2_session_del"]),
    "libodbc": ("libodbc.so.2", ["sql.h", "sqlext.h", "sqlucode.h"], [],
                ["late-op SQLAllocHandle", "late-op SQLEndTran", "late-op SQLExecDirect", "late-op SQLFetch",
                 "repeat-free SQLFreeHandle"]),
    "libpcap": ("libpcap.so.0.8", ["pcap.h"], [],
                ["drain-timeout pcap_close pcap_loop", "freed-late pcap_close", "late-op pcap_geterr", "late-op pcap_snapshot"]),
    "libportaudio": ("libportaudio.so.2", ["portaudio.h", "pa_linux_alsa.h"], [],
                     ["drain-timeout Pa_CloseStream Pa_StopStream", "freed-late Pa_CloseStream", "late-op Pa_GetDeviceCount",
                      "late-op Pa_GetStreamTime", "late-op Pa_IsStreamActive", "overlap Pa_GetDeviceCount Pa_StopStream",
                      "repeat-free Pa_CloseStream"]),
    "libpq": ("libpq.so.5", ["libpq-fe.h", "libpq-events.h"], ["-I/usr/include/postgresql"],
              ["drain-timeout PQfinish PQexec", "inherited PQfinish", "late-op PQerrorMessage", "late-op PQntuples", "late-op PQstatus",
               "overlap PQtransactionStatus PQexec"]),
    "librdkafka": ("librdkafka.so.1", ["librdkafka/rdkafka.h", "librdkafka/rdkafka_mock.h"], [],
                   ["drain-timeout rd_kafka_destroy rd_kafka_poll", "inherited rd_kafka_destroy",
                    "late-free rd_kafka_queue_destroy rd_kafka_queue_poll", "late-op rd_kafka_conf_set", "late-op rd_kafka_flush",
                    "late-op rd_kafka_produce", "null-op rd_kafka_poll", "repeat-free rd_kafka_destroy"]),
    "libsndfile": ("libsndfile.so.1", ["sndfile.h"], [],
                   ["drain-timeout sf_close sf_readf_short", "late-op sf_seek", "late-op sf_strerror", "repeat-free sf_close"]),
    "libssh": ("libssh.so.4", [f"libssh/{name}.h" for name in ("libssh", "sftp", "server", "callbacks")], ["-DWITH_SERVER"],
               ["drain-timeout ssh_channel_free ssh_channel_read", "freed-late ssh_channel_free", "late-op ssh_channel_is_open",
                "late-op ssh_channel_write", "late-op ssh_get_error", "null-op sftp_unlink", "orphan sftp_free",
                "orphan sftp_unlink", "orphan ssh_free", "overlap ssh_channel_is_open ssh_channel_read",
                "repeat-free ssh_channel_free", "repeat-free ssh_channel_free"]),
    "libssh2": ("libssh2.so.1", ["libssh2.h", "libssh2_sftp.h", "libssh2_publickey.h"], [],
                ["drain-timeout libssh2_channel_free libssh2_channel_read_ex", "freed-late libssh2_channel_free",
                 "late-op libssh2_channel_write_ex", "orphan libssh2_agent_connect", "orphan libssh2_agent_free",
                 "orphan libssh2_session_free", "overlap libssh2_channel_get_exit_status libssh2_channel_read_ex",
                 "repeat-free libssh2_channel_free"]),
    "libssl": ("libssl.so.3", ["openssl/ssl.h"], [],
               ["drain-timeout SSL_free SSL_connect", "freed-late SSL_free", "late-op SSL_write", "overlap SSL_pending SSL_connect"]),
    "libusb": ("libusb-1.0.so.0", ["libusb-1.0/libusb.h"], [],
               ["late-free libusb_exit libusb_handle_events", "late-op libusb_get_device_list",
                "late-op libusb_get_device_list", "repeat-free libusb_exit"]),
    "libvirt": ("libvirt.so.0", ["libvirt/libvirt.h", "libvirt/virterror.h"], [],
                ["drain-timeout virConnectClose virDomainLookupByName", "drain-timeout virDomainFree virDomainAttachDevice",
                 "freed-late virConnectClose", "freed-late virDomainFree", "late-op virConnectGetHostname",
                 "late-op virConnectNumOfDomains", "late-op virStreamAbort", "repeat-free virConnectClose"]),
    "libxml2": ("libxml2.so.2", [f"libxml/{name}.h" for name in XML2], ["-I/usr/include/libxml2"],
                ["drain-timeout xmlFreeTextReader xmlTextReaderRead", "drain-timeout xmlXPathFreeContext xmlXPathEval",
                 "freed-late xmlFreeTextReader", "freed-late xmlXPathFreeContext", "late-op xmlTextReaderDepth",
                 "late-op xmlXPathEval", "overlap xmlTextReaderDepth xmlTextReaderRead", "repeat-free xmlFreeTextReader"]),
    "sd-journal": ("libsystemd.so.0", ["systemd/sd-journal.h"], [],
                   ["drain-timeout sd_journal_close sd_journal_wait", "late-op sd_journal_next", "wrong-thread sd_journal_close",
                    "wrong-thread sd_journal_next"]),
    "zlib": ("libz.so.1", ["zlib.h"], [],
             ["drain-timeout inflateBackEnd inflateBack", "late-op inflateBack", "repeat-free gzclose"]),
}


def told(finding):
    call = finding["call"] or finding["free"]
    return " ".join([finding["kind"], call["function"], *(op["function"] for op in finding["in_flight"])])


class Shelf(servers.ServedTest):
    def test_the_manifests_fit_their_libraries(self):
        for name, (soname, headers, flags, _) in SHELF.items():
            with self.subTest(name):
                headers = [word for header in headers for word in ("--header", header)]
                result = self.handleguard("manifest", "check", name, "--library", soname, *headers, "--", *flags)
                self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_correct_programs_are_silent(self):
        for name in SHELF:
            with self.subTest(name):
                result = self.handleguard("run", "-m", name, "--fail-on=note", "--require-coverage", "--",
                                          BIN / f"world_{name}", "quiet")
                self.assertEqual((result.stdout, result.returncode), ("", 0), result.stderr)

    def test_programs_that_race_are_reported(self):
        for name, (*_, expected) in SHELF.items():
            with self.subTest(name):
                status, report = self.report("-m", name, "--deadline=100", "--error-exitcode=9", "--",
                                             BIN / f"world_{name}", "race")
                self.assertEqual(status, 9)
                self.assertEqual(sorted(map(told, report["findings"])), expected)


if __name__ == "__main__":
    missing = [name for name in SHELF if not (BIN / f"world_{name}").exists()] + servers.missing()
    if missing:
        print(f"skipped: scripts/install-deps world installs what the programs of these need, and they must be built anew: {missing}")
        sys.exit(77)
    unittest.main()
