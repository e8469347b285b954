package io.aisle.serving.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpStatus;

/**
 * How much of a body is read, and how slowly it may come, so that nobody holds a thread for long.
 *
 * @param bytes the most of it
 * @param bytesPerSecond that it has to come at on average, after the first seconds
 */
public record BodyLimit(long bytes, int bytesPerSecond) {
    private static final int BUFFER = 1 << 16;
    private static final long GRACE_SECONDS = 5;

    /**
     * Copies the body.
     *
     * @throws Problem 413 if it is larger, 408 if it comes too slowly, 400 if it breaks off
     */
    public void copy(Context request, OutputStream to) {
        if (request.req().getContentLengthLong() > bytes) {
            throw tooLarge();
        }
        byte[] buffer = new byte[BUFFER];
        long start = System.nanoTime();
        long copied = 0;
        try (InputStream body = request.bodyInputStream()) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                copied += read;
                if (copied > bytes) {
                    throw tooLarge();
                }
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                if (seconds >= GRACE_SECONDS && copied < seconds * bytesPerSecond) {
                    throw tooSlow();
                }
                write(buffer, read, to);
            }
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw tooSlow();
            }
            throw Problem.of(
                    HttpStatus.BAD_REQUEST_400, "Cannot read the body: found that it broke off, expected all of it.");
        }
    }

    private static void write(byte[] buffer, int length, OutputStream to) {
        try {
            to.write(buffer, 0, length);
        } catch (IOException e) {
            throw Problem.unavailable(
                    "Cannot take the body now: found no room for it on this machine's disk, expected some. Send it again"
                            + " later.",
                    e);
        }
    }

    private Problem tooSlow() {
        return Problem.of(
                HttpStatus.REQUEST_TIMEOUT_408,
                "Cannot read the body: found that it came at less than " + bytesPerSecond
                        + " bytes a second, expected more.");
    }

    private Problem tooLarge() {
        return Problem.of(
                HttpStatus.PAYLOAD_TOO_LARGE_413,
                String.format(
                        Locale.ROOT, "Cannot read the body: found more than %,d bytes, expected no more.", bytes));
    }
}
