package io.aisle.batch.storage;

import io.aisle.core.UserException;
import io.aisle.core.storage.S3Access;
import io.aisle.core.storage.S3Identity;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The service behind an S3 path, asked without a signature: whether it answers, and what time it has. */
public final class S3Endpoint {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(10);
    private static final int HTTPS = 443;

    private final URI address;
    private final S3Access access;

    private S3Endpoint(URI address, S3Access access) {
        this.address = address;
        this.access = access;
    }

    /** The service of a path; nothing where the path is not on S3. */
    public static Optional<S3Endpoint> of(Configuration configuration, String uri) {
        Path path = new Path(uri);
        String scheme = path.toUri().getScheme();
        if (scheme == null || !ObjectStores.S3_SCHEMES.contains(scheme)) {
            return Optional.empty();
        }
        S3Access access = S3aSettings.of(configuration, path.toUri().getHost()).access();
        URI ofAws = URI.create(
                "https://s3." + access.region().map(region -> region + ".").orElse("") + "amazonaws.com");
        return Optional.of(new S3Endpoint(access.endpoint().orElse(ofAws), access));
    }

    /** Its address, without what could be secret. */
    public String address() {
        int port = address.getPort();
        return address.getScheme() + "://" + address.getHost() + (port < 0 || port == HTTPS ? "" : ":" + port);
    }

    /**
     * Whom requests to it are signed as.
     *
     * @throws UserException if no credentials are found
     */
    public S3Identity identity() {
        return S3Identity.of(access);
    }

    /**
     * Sends one request. Whatever the answer, it comes from a service that is there.
     *
     * @return its clock, to the second; empty where it sends no date
     * @throws UserException if there is no answer
     */
    public Optional<Instant> ask() {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setRequestMethod("HEAD");
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(Math.toIntExact(CONNECT.toMillis()));
            connection.setReadTimeout(Math.toIntExact(READ.toMillis()));
            connection.getResponseCode();
            long date = connection.getDate();
            return date == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(date));
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    "Cannot reach " + address() + ": found no answer ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "), expected one from the S3 service. Check fs.s3a.endpoint, the network (route, firewall, proxy) and,"
                            + " for an address of https, that Java trusts its certificate.",
                    e);
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }
}
