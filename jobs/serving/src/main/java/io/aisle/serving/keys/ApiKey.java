package io.aisle.serving.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * What is kept of an API key. The key itself is 256 random bits, so that one round of SHA-256 hides it: there is nothing to guess.
 *
 * @param name what it is called in logs and corrections
 * @param sha256 of the key, in hex
 * @param requests_per_minute how often it may ask
 * @param expires_at from when on it is refused
 */
record ApiKey(String name, String sha256, Set<Scope> scopes, int requests_per_minute, Instant expires_at) {
    private static final String PREFIX = "aisle_";
    private static final int BYTES = 32;
    private static final int HEX_DIGITS = 64;

    ApiKey {
        if (name == null || !isName(name)) {
            throw new IllegalArgumentException("found the name " + name + ", expected 1 to 100 printable characters");
        }
        if (sha256 == null || sha256.length() != HEX_DIGITS || !sha256.matches("[0-9a-f]*")) {
            throw new IllegalArgumentException("found no sha256 of " + name + ", expected 64 hex digits");
        }
        if (scopes == null || scopes.isEmpty()) {
            throw new IllegalArgumentException("found no scopes of " + name + ", expected classify, feedback or both");
        }
        if (requests_per_minute < 1) {
            throw new IllegalArgumentException(
                    "found " + requests_per_minute + " requests_per_minute of " + name + ", expected 1 or more");
        }
        if (expires_at == null) {
            throw new IllegalArgumentException("found no expires_at of " + name + ", expected a time");
        }
        scopes = Set.copyOf(EnumSet.copyOf(scopes));
    }

    /** Whether a key may be called so. */
    static boolean isName(String name) {
        return !name.isBlank() && name.length() <= 100 && name.chars().noneMatch(Character::isISOControl);
    }

    /** A key that nobody has had before. */
    static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The SHA-256 of a key as it is sent. */
    static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a key of that hash is this one, in a time that does not tell how much of it is right. */
    boolean isOf(byte[] hash) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(sha256), hash);
    }
}
