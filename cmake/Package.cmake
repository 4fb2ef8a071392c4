# `make deb`: the program, its decoder, the page, the speech models and the systemd units as one Debian package.
# Programs lie together in a folder of their own, where they find each other; /usr/bin holds a link.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # what is not installed is not built for it
set(folder lib/speechcoach)
install(TARGETS speechcoach speechcoach-decode RUNTIME DESTINATION ${folder})
install(PROGRAMS ${PROJECT_SOURCE_DIR}/deploy/package/healthcheck DESTINATION ${folder})
install(PROGRAMS ${PROJECT_SOURCE_DIR}/deploy/backup/speechcoach-backup DESTINATION bin)
file(CREATE_LINK ../${folder}/speechcoach ${PROJECT_BINARY_DIR}/speechcoach-link SYMBOLIC)
install(FILES ${PROJECT_BINARY_DIR}/speechcoach-link DESTINATION bin RENAME speechcoach)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/build/web/ DESTINATION share/speechcoach/web)
install(FILES ${PROJECT_SOURCE_DIR}/build/models/ggml-base.bin ${PROJECT_SOURCE_DIR}/build/models/ggml-tiny.en.bin
  DESTINATION share/speechcoach/models)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/deploy/systemd/ DESTINATION lib/systemd/system)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/speechcoach RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md ${PROJECT_SOURCE_DIR}/docs/operations.md ${PROJECT_SOURCE_DIR}/speechcoach.example.yaml
  DESTINATION share/doc/speechcoach)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "speechcoach <root@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "English speech coach for Vietnamese learners, self-hosted")
set(CPACK_PACKAGE_FILE_NAME speechcoach)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SECTION education)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, python3")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/deploy/package/postinst)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
