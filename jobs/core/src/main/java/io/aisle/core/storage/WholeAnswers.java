package io.aisle.core.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Reads each answer into memory and fails, so that the SDK asks again, where it is shorter than it said: the JDK's HTTP client takes an
 * answer that breaks off for one that ends. For small objects alone.
 */
record WholeAnswers(SdkHttpClient client) implements SdkHttpClient {

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Request(client.prepareRequest(request));
    }

    private record Request(ExecutableHttpRequest request) implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() throws IOException {
            HttpExecuteResponse answer = request.call();
            if (answer.responseBody().isEmpty()) {
                return answer;
            }
            byte[] body;
            try (InputStream in = answer.responseBody().get()) {
                body = in.readAllBytes();
            }
            String length =
                    answer.httpResponse().firstMatchingHeader("Content-Length").orElse(Integer.toString(body.length));
            if (!length.equals(Integer.toString(body.length))) {
                throw new IOException("the answer broke off after " + body.length + " of " + length + " bytes");
            }
            return HttpExecuteResponse.builder()
                    .response(answer.httpResponse())
                    .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                    .build();
        }

        @Override
        public void abort() {
            request.abort();
        }
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
