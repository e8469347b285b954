package io.aisle.core.storage;

import io.aisle.core.UserException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What went wrong with a request, in words. Of a service's answer only code, status and request id are told: they hold no secret. */
final class S3Failures {
    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;
    private static final int MOVED = 301;

    private S3Failures() {}

    static boolean isBucketMissing(S3Exception e) {
        return "NoSuchBucket".equals(code(e));
    }

    static UserException explain(String what, String bucket, SdkException e) {
        if (e instanceof S3Exception answer) {
            return new UserException(what + ": " + explanation(bucket, answer), e);
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("credentials")) {
            return new UserException(
                    what
                            + ": found no usable credentials, expected keys, a profile, a web identity or an instance role."
                            + " Set them as docs/s3.md says.",
                    e);
        }
        return new UserException(
                what + ": found no answer (" + rootMessage(e)
                        + "), expected one from the S3 service. Check its endpoint, its region and the network.",
                e);
    }

    private static String explanation(String bucket, S3Exception e) {
        String found = code(e) + ", status " + e.statusCode() + ", request " + e.requestId();
        if (isBucketMissing(e)) {
            return "found no bucket " + bucket + " (" + found
                    + "), expected it to exist. Create it, or correct its name, the endpoint or the account.";
        }
        if (e.statusCode() == FORBIDDEN || e.statusCode() == UNAUTHORIZED) {
            return "found access denied (" + found
                    + "), expected leave to read, write, list and delete below it. Check the credentials, the bucket's policy"
                    + " and that of its KMS key.";
        }
        if (e.statusCode() == MOVED || "AuthorizationHeaderMalformed".equals(code(e))) {
            return "found the bucket in another region (" + found
                    + "), expected that of the request. Set the region of the bucket.";
        }
        return "found an error of the service (" + found + "), expected success. Try again later.";
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
